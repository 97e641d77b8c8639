// Draws cards with takumi, the fastest engine of its kind that we know (MIT OR Apache-2.0).
//   node peer.mjs FOLDER_OF_MODULES FONT... < cards.json
// Prints, for each card, milliseconds of the processor (all threads) and bytes of its PNG.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [modules, ...fonts] = process.argv.slice(2);
const { Renderer } = createRequire(`${modules}/`)("@takumi-rs/core");
const renderer = new Renderer();
for (const font of fonts) await renderer.registerFont({ data: readFileSync(font) });

const place = (box) => ({ position: "absolute", left: box.x, top: box.y, width: box.width });
const scene = (card) => ({
  type: "container",
  style: { width: 1200, height: 630, position: "relative", backgroundColor: card.ground },
  children: [
    { type: "container", style: { ...place(card.plate), height: card.plate.height, backgroundColor: card.tincture } },
    ...card.words.map((words) => ({
      type: "text",
      text: words.text,
      style: {
        ...place(words), textAlign: "center", color: words.colour, fontFamily: words.family, fontSize: words.size,
        fontWeight: words.weight, fontStyle: words.italic ? "italic" : "normal", lineHeight: words.pitch,
      },
    })),
  ],
});

for (const card of JSON.parse(readFileSync(0, "utf8"))) {
  const before = process.cpuUsage();
  const png = await renderer.render(scene(card), { width: 1200, height: 630, format: "png" });
  const { user, system } = process.cpuUsage(before);
  console.log(`${(user + system) / 1000} ${png.length}`);
}
