// One way to say "draw again", so that small parts need not know the whole page.

let timer = 0;
let draw = () => {};

/** onRedraw sets what redraw does. */
export const onRedraw = (f) => (draw = f);

/** redraw draws the page again soon; many calls in one turn draw once. */
export function redraw() {
  timer ||= setTimeout(() => {
    timer = 0;
    draw();
  }, 0);
}
