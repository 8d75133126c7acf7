"use strict";
// The slider: a range input covers the images, so the browser handles mouse, touch and keyboard.
(() => {
  const stage = document.getElementById("stage");
  const moments = [...document.querySelectorAll("figure.moment")];
  if (!stage || !moments.length) return;
  const part = (name) => stage.querySelector("." + name);
  const range = part("range");
  let shown = 0;
  let moved = false; // by the user; before that, the border is at the centre of the inpainted pixels

  const slide = () => stage.style.setProperty("--at", range.value + "%");
  const show = (index) => {
    shown = (index + moments.length) % moments.length;
    const moment = moments[shown];
    for (const kind of ["before", "after", "source"]) {
      part(kind).src = moment.querySelector("." + kind).src;
    }
    part("caption").replaceChildren(
      ...[...moment.querySelector("figcaption").children].map((piece) => piece.cloneNode(true)),
    );
    moments.forEach((other) => other.classList.toggle("chosen", other === moment));
    if (!moved) range.value = moment.dataset.middle;
    slide();
  };

  range.addEventListener("input", () => {
    moved = true;
    slide();
  });
  for (const button of stage.querySelectorAll(".step")) {
    button.addEventListener("click", () => show(shown + Number(button.dataset.step)));
  }
  moments.forEach((moment, index) => {
    const pair = moment.querySelector(".pair");
    pair.tabIndex = 0;
    pair.setAttribute("role", "button");
    pair.setAttribute("aria-label", "Show " + moment.querySelector("figcaption").textContent + " in the slider");
    const choose = () => {
      show(index);
      stage.scrollIntoView({ block: "nearest", behavior: "smooth" });
    };
    pair.addEventListener("click", choose);
    pair.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose();
    });
  });
  stage.hidden = false;
  document.documentElement.classList.add("alive");
  show(0);
})();
