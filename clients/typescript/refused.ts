/** What the types must refuse: tsc fails where a line marked as an error compiles. Nothing here runs. */
import { observations } from "./missed.js";
import type { components, paths } from "./outturn.js";

export async function refused(): Promise<void> {
  const [first] = await observations("", { organisation: ["barnet"], status: ["missed"], limit: 10 });
  // @ts-expect-error a list may be empty
  first.title;
  if (first === undefined) return;
  // @ts-expect-error there is no such status
  if (first.status === "mised") return;
  // @ts-expect-error there is no such field
  first.colour;
  // @ts-expect-error decimals are strings
  first.target satisfies number | null;
  // @ts-expect-error an outturn may be missing
  first.outturn.length;
  // @ts-expect-error there is no such filter
  await observations("", { council: ["barnet"] });
  // @ts-expect-error a filter takes the values there are
  await observations("", { status: ["mised"] });
  // @ts-expect-error there is no such address
  "/v1/observation" satisfies keyof paths;
  // @ts-expect-error a problem has a status, and it is a number
  ({}) as components["schemas"]["Problem"] satisfies { status: string };
}
