/* Puts bpmn-js in the place of the server's drawing, with what passed through each step laid over it.
   On a narrow screen, or when anything fails, the drawing stays. */
(() => {
  "use strict";
  const place = document.querySelector("[data-bpmn]");
  const said = document.getElementById("flow-loads");
  if (!place || !said || !window.BpmnJS || !window.matchMedia("(min-width: 48rem)").matches) return;
  const loads = JSON.parse(said.textContent);

  const tag = (load) => {
    const box = document.createElement("div");
    box.className = `flow-tag flow-tag--${load.level}`;
    for (const line of load.lines) {
      const row = document.createElement("div");
      row.textContent = line;
      box.append(row);
    }
    return box;
  };

  const draw = async () => {
    const answer = await fetch(place.dataset.bpmn, { credentials: "same-origin" });
    if (!answer.ok) return;
    const canvasBox = document.createElement("div");
    canvasBox.className = "flow-canvas";
    place.append(canvasBox);
    try {
      const viewer = new window.BpmnJS({ container: canvasBox });
      await viewer.importXML(await answer.text());
      const canvas = viewer.get("canvas");
      const overlays = viewer.get("overlays");
      for (const load of loads) {
        if (load.level) canvas.addMarker(load.id, `flow-lost-${load.level}`);
        if (load.lines.length) overlays.add(load.id, { position: { bottom: 6, left: 6 }, html: tag(load), scale: { min: 0.6, max: 1.2 } });
      }
      place.classList.add("flow-drawn");
      const begin = () => {
        canvas.zoom("fit-viewport");
        if (canvas.zoom() >= 0.55) return;
        // Readable rather than whole: the beginning of the process first.
        canvas.zoom(0.6);
        const view = canvas.viewbox();
        canvas.viewbox({ x: view.inner.x - 10, y: view.inner.y - 10, width: view.width, height: view.height });
      };
      begin();
      for (const button of place.querySelectorAll("[data-zoom]")) {
        button.addEventListener("click", () => {
          if (button.dataset.zoom === "fit") canvas.zoom("fit-viewport");
          else canvas.zoom(canvas.zoom() * (button.dataset.zoom === "in" ? 1.25 : 0.8));
        });
      }
    } catch (error) {
      canvasBox.remove();
      place.classList.remove("flow-drawn");
      console.warn("bpmn-js:", error.message);
    }
  };
  draw();
})();
