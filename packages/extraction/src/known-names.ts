// A dot joins hosts, files, sentences and code alike. Only endings that are well known make a bare word a host or a file;
// with a scheme, an @ or a slash none of this matters.

const genericDomains = new Set(
  (
    'com org net edu gov mil int info biz museum aero coop jobs mobi travel asia tel xxx arpa onion ' +
    'app dev cloud online site website web page blog shop store tech digital agency company email media news live video ' +
    'world today life space top xyz club icu vip win bid loan click link work works zone team group network systems ' +
    'solutions services support software security finance bank capital money fund insurance health care academy school ' +
    'university studio design art photography gallery tools codes computer host hosting domains press wiki ' +
    'social chat review reviews expert center global international earth city town london paris berlin ' +
    'example test invalid local internal lan corp localhost zip mov quest fun games bet casino'
  ).split(' '),
)

const countries = new Set(
  (
    'ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf ' +
    'cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg ' +
    'gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn ' +
    'kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na ' +
    'nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh ' +
    'si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve ' +
    'vg vi vn vu wf ws ye yt za zm zw'
  ).split(' '),
)

const fileExtensions = new Set(
  (
    'txt md rst log csv tsv json jsonl ndjson yaml yml toml ini cfg conf env lock xml html htm xhtml css scss less svg ' +
    'js mjs cjs jsx ts tsx mts cts py pyc ipynb rb go rs java kt scala c h cc cpp hpp cs swift php pl lua r jl sql sh ' +
    'bash zsh fish ps1 bat cmd exe dll so dylib bin dat db sqlite sqlite3 parquet avro avsc proto tf gradle diff patch ' +
    'pdf doc docx odt rtf xls xlsx ods ppt pptx odp epub tex key pem crt cer pub gpg asc p12 pfx kdbx ovpn ' +
    'png jpg jpeg gif bmp webp tif tiff ico heic mp3 mp4 wav ogg flac avi mkv mov webm ' +
    'zip tar gz tgz bz2 xz zst 7z rar jar war apk iso img bak tmp old orig swp pid eml msg ics vcf'
  ).split(' '),
)

/** Whether a bare name that ends so is an Internet host, in whatever case; but `fine.It` is the start of a sentence. */
export const isTopLevelDomain = (label: string): boolean => {
  const domain = label.toLowerCase()
  return genericDomains.has(domain) || (countries.has(domain) && !/^[A-Z][a-z]$/.test(label))
}

/** Whether a bare name that ends so is a file. @param extension without the dot */
export const isFileExtension = (extension: string): boolean => fileExtensions.has(extension.toLowerCase())
