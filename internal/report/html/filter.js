"use strict";
// Filters the findings; without it all of them are shown.
(function () {
  var form = document.getElementById("filter");
  if (!form) return;
  var findings = Array.prototype.slice.call(document.querySelectorAll(".finding"));
  var subjects = Array.prototype.slice.call(document.querySelectorAll(".subject"));
  var texts = null;
  function apply() {
    var levels = {};
    form.querySelectorAll("input[name=level]").forEach(function (box) { levels[box.value] = box.checked; });
    var rule = form.elements.rule.value;
    var text = form.elements.text.value.trim().toLowerCase();
    if (text && !texts) {
      texts = new Map(findings.map(function (f) { return [f, f.textContent.toLowerCase() + f.parentNode.querySelector("h3").textContent.toLowerCase()]; }));
    }
    var shown = 0;
    findings.forEach(function (f) {
      var on = levels[f.dataset.level] !== false && (!rule || f.dataset.rule.split(" ").indexOf(rule) >= 0) && (!text || texts.get(f).indexOf(text) >= 0);
      f.hidden = !on;
      if (on) shown++;
    });
    subjects.forEach(function (s) { s.hidden = !s.querySelector(".finding:not([hidden])"); });
    document.getElementById("shown").textContent = shown + " of " + findings.length + " shown";
  }
  function unfold(open) {
    document.querySelectorAll("details").forEach(function (d) { d.open = open; });
  }
  var button = document.getElementById("unfold");
  var open = false;
  button.addEventListener("click", function () {
    open = !open;
    unfold(open);
    button.textContent = open ? "Fold all" : "Unfold all";
  });
  var timer = 0;
  form.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(apply, 120); });
  form.addEventListener("submit", function (e) { e.preventDefault(); });
  window.addEventListener("beforeprint", function () { unfold(true); });
  // A link to something folded unfolds it.
  function reveal() {
    var target = document.getElementById(location.hash.slice(1));
    if (target && target.tagName === "DETAILS") target.open = true;
  }
  window.addEventListener("hashchange", reveal);
  reveal();
  form.hidden = false;
  apply();
})();
