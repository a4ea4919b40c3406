/** What a council missed, as a page: node build/missed.js http://127.0.0.1:8123 barnet > missed.html */
import type { components, paths } from "./outturn.js";

type List = paths["/v1/observations"]["get"];
type Page = List["responses"][200]["content"]["application/json"];
type Query = NonNullable<List["parameters"]["query"]>;

const WHY = "/v1/observations/{id}/explain" satisfies keyof paths;

export async function observations(base: string, query: Query): Promise<Page["items"]> {
  const asked = new URLSearchParams(Object.entries(query).flatMap(([name, given]) => [given].flat().map((one) => [name, `${one}`])));
  const answer = await fetch(`${base}/v1/observations?${asked}`);
  if (!answer.ok) throw new Error(((await answer.json()) as components["schemas"]["Problem"]).detail);
  const { items, next_cursor } = (await answer.json()) as Page;
  return next_cursor === null ? items : items.concat(await observations(base, { ...query, cursor: next_cursor }));
}

const text = (given: string | null) => (given ?? "").replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);

export function page(base: string, council: string, missed: Page["items"]): string {
  const rows = missed.map(
    ({ id, title, period_label, outturn, target, status_label, status_colour }) =>
      `<tr><td>${text(title)}<td>${text(period_label)}<td>${text(outturn)}<td>${text(target)}` +
      `<td style="border-left: 1em solid ${text(status_colour)}">${text(status_label)}` +
      `<td><a href="${text(base + WHY.replace("{id}", `${id}`))}">why</a>`,
  );
  const head = "<tr><th>Indicator<th>Period<th>Outturn<th>Target<th>Status<th>";
  return `<!doctype html><meta charset="utf-8"><title>${text(council)}</title><table>\n${[head, ...rows].join("\n")}\n</table>`;
}

const [base, council] = process.argv.slice(2);
if (base && council) console.log(page(base, council, await observations(base, { organisation: [council], status: ["missed"] })));
