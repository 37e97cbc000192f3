import type { LogInMethod } from '../ports.ts'

/**
 * A log-in that also says where the human finds the password, as `cordon up` made it. Beside the notice, never in it: the
 * notice is an answer to requests as well, and so read by agents.
 * @param say to the human alone
 */
export const sayingPasswordPlace =
  (logIn: LogInMethod, passwordsFile: string, say: (line: string) => void): LogInMethod =>
  (tell, signal) =>
    logIn(notice => {
      tell(notice)
      say(`Your name and password, as cordon up made them, stand in ${passwordsFile}.`)
    }, signal)
