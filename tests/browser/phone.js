// What a reader on a phone can't read or touch: texts that are cut, and what is meant to be touched and smaller than a finger.
(most) => {
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && element.checkVisibility({ visibilityProperty: true });
  };
  const said = (element) => `${element.tagName.toLowerCase()} ${(element.textContent || element.getAttribute("placeholder") || "").trim().slice(0, 60)}`;
  const cut = [];
  for (const text of document.querySelectorAll("svg text")) {
    const [inner, outer] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
    // what a map that looks closely leaves out stands outside of it
    const seen = inner.width > 1 && inner.right > outer.left && inner.left < outer.right && inner.bottom > outer.top && inner.top < outer.bottom;
    if (seen && (inner.left < outer.left - 1 || inner.right > outer.right + 1)) cut.push(said(text));
  }
  const pen = document.createElement("canvas").getContext("2d");
  for (const input of document.querySelectorAll("input[placeholder]")) {
    const style = getComputedStyle(input);
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const room = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    if (shown(input) && pen.measureText(input.placeholder).width > room) cut.push(said(input));
  }
  for (const element of document.querySelectorAll("main *")) {
    const style = getComputedStyle(element);
    const hides = ["hidden", "clip"].includes(style.overflowX) && style.clipPath === "none" && !["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);
    if (hides && shown(element) && element.scrollWidth > element.clientWidth + 1 && !element.closest("svg, .cm-editor, .canvas")) cut.push(said(element));
  }
  const touched = "header.site a, header.site summary, main button, main .button, main input:not([type=checkbox], [type=radio], [type=hidden]), main select";
  const small = [...document.querySelectorAll(touched)].filter((one) => shown(one) && one.getBoundingClientRect().height < 43.5).map(said);
  return [...cut.map((one) => `cut: ${one}`), ...small.map((one) => `small: ${one}`)].slice(0, most);
}
