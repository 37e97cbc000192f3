/** The smallest images and sounds that are some: one pixel, one sample. */
export const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='
export const wav = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQIAAAAAAA=='

interface Text {
  readonly type: 'text'
  readonly text: string
}

export const text = (words: string): Text => ({ type: 'text', text: words })
