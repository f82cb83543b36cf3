import { existsSync, readFileSync } from "node:fs";

/** Whether a process still runs. A dead one that nobody has collected yet (a zombie) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const status = `/proc/${pid}/stat`;
    return !existsSync(status) || !/\) [ZX] /.test(readFileSync(status, "utf8"));
  } catch {
    return false;
  }
}

/** The process id that a started process has written into a file; throws while it has not. */
export function writtenPid(file: string): number {
  const pid = Number(readFileSync(file, "utf8"));
  if (!pid) throw new Error(`${file} holds no process id yet`);
  return pid;
}
