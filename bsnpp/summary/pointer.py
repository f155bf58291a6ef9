"""Script of the report: show the note on the element of a drawing below the pointer, without delay.

Without it, browsers show the same notes (`<title>` elements) after a moment. On a confidence map, it also
shows the proposal below the pointer and its confidence, which it reads from the red channel of the image
(`bsnpp.reporting.video_figure.WHITE_TO_DARK`).
"""

SCRIPT = """
(() => {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  document.body.append(tip);
  const pixels = new WeakMap();

  const load = (image) => {
    const source = new Image();
    source.onload = () => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [source.naturalWidth, source.naturalHeight];
      const context = canvas.getContext("2d", {willReadFrequently: true});
      context.drawImage(source, 0, 0);
      pixels.set(image, context);
    };
    source.src = image.getAttribute("xlink:href") || image.getAttribute("href");
  };

  const proposal = (group, event) => {
    const image = group.querySelector("image");
    const context = pixels.get(image);
    if (!context) return null;
    const {width, height} = context.canvas;
    const local = new DOMPoint(event.clientX, event.clientY).matrixTransform(image.getScreenCTM().inverse());
    const column = Math.floor((local.x - image.x.baseVal.value) / image.width.baseVal.value * width);
    const line = Math.floor((local.y - image.y.baseVal.value) / image.height.baseVal.value * height);
    if (column < 0 || line < 0 || column >= width || line >= height) return null;
    const box = image.getBoundingClientRect();
    const row = Math.min(height - 1, Math.floor((box.bottom - event.clientY) / box.height * height));
    const [red, , , alpha] = context.getImageData(column, line, 1, 1).data;
    if (alpha === 0) return "no proposal";
    const cell = Number(group.dataset.cell);
    const start = Math.floor((column - row) / 2) * cell;
    const confidence = (1 - red / 255) * Number(group.dataset.peak);
    const [first, last] = [start, start + (row + 1) * cell].map((time) => time.toFixed(1));
    return `${first} s to ${last} s: confidence ${confidence.toFixed(2)}`;
  };

  for (const drawing of document.querySelectorAll(".video svg")) {
    for (const title of [...drawing.querySelectorAll("title")]) {
      title.parentNode.dataset.tip = title.textContent;
      title.remove();
    }
    drawing.addEventListener("pointerenter", () => {
      drawing.querySelectorAll("[data-cell] image").forEach(load);
    });
    drawing.addEventListener("pointermove", (event) => {
      const group = event.target.closest("[data-tip]");
      const text = group && ("cell" in group.dataset ? proposal(group, event) : group.dataset.tip);
      tip.hidden = !text;
      if (!text) return;
      tip.textContent = text;
      tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + "px";
      tip.style.top = event.clientY + 16 + "px";
    });
    drawing.addEventListener("pointerleave", () => { tip.hidden = true; });
  }
})();
"""
