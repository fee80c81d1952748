// Moves the frame on while the button is down; at the end it starts over.
clearInterval(window.grokking_clock)
cb_obj.label = cb_obj.active ? "❚❚ pause" : "▶ play"
if (cb_obj.active) {
  if (time.value >= time.end) time.value = 0
  window.grokking_clock = setInterval(() => {
    if (time.value >= time.end) { cb_obj.active = false; return }
    time.value = time.value + 1
  }, 120)
}
