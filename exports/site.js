// Copies the address in the field beside a button. Without this script, the address is there to be selected.
"use strict";
for (const button of document.querySelectorAll(".copy button")) {
  const field = button.parentElement.querySelector("input");
  const before = button.textContent;
  button.setAttribute("aria-live", "polite");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // where pages come over plain HTTP, as on a local network, there is no other way
    }
    button.textContent = document.getElementById("_main").dataset.copied;
    setTimeout(() => { button.textContent = before; }, 2000);
  });
}
