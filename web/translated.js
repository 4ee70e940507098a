// Keeps the page going while a browser's translator works on it.
//
// Translators replace each text by a `<font>` with the translation. The page updates its own texts, which would then be
// outside of the document. So a replaced text goes back beside its translation, empty; when the page changes or removes
// the text, the translation goes. The translator sees a new text and translates it.
"use strict";
addEventListener("DOMContentLoaded", () => {
  /** What stands for a text: its translation, and the text's words. @type {WeakMap<Text, { font: Element, words: string }>} */
  const translations = new WeakMap();
  /** The texts by their translations. @type {WeakMap<Element, Text>} */
  const texts = new WeakMap();

  const isFont = (node) => node instanceof HTMLElement && node.localName === "font";
  const forget = (text, font) => {
    translations.delete(text);
    texts.delete(font);
  };

  const removed = (node, { target, addedNodes, previousSibling, nextSibling }, newFonts) => {
    if (node instanceof Text) {
      const known = translations.get(node);
      const near = [...addedNodes, previousSibling, nextSibling];
      const font = near.find((other) => newFonts.has(other) && other.parentNode === target);
      if (known && !node.isConnected) {
        // By the page.
        forget(node, known.font);
        known.font.remove();
      } else if (font && !node.isConnected && !texts.has(font)) {
        translations.set(node, { font, words: node.data });
        texts.set(font, node);
        font.before(node);
        node.data = "";
      }
    } else if (texts.has(node) && !node.isConnected) {
      // By a translator that takes its translation back.
      const text = texts.get(node);
      const { words } = translations.get(text);
      forget(text, node);
      if (text.isConnected && text.data === "") text.data = words;
    }
  };

  const observer = new MutationObserver((records) => {
    const newFonts = new Set(records.flatMap((record) => [...record.addedNodes]).filter(isFont));
    for (const record of records) {
      const known = record.type === "characterData" && translations.get(record.target);
      if (known && record.target.data !== "") {
        // The page has something new to say.
        forget(record.target, known.font);
        known.font.remove();
      }
      record.removedNodes.forEach((node) => removed(node, record, newFonts));
    }
  });
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
});
