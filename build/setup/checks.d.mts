export function machineProblem(machine: {
  node: string;
  platform: string;
  arch: string;
  glibc: boolean;
  flags: readonly string[];
}): string | null;
export const installArguments: readonly string[];
export function nodeFile(arch: string): string;
export function missingFiles(arch: string, exists: (path: string) => boolean): string[];
export function installProblem(status: number | null, output: string): string;
