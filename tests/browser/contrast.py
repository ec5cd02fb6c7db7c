"""The contrast of what is seen, as WCAG measures it, from the styles that a browser computed."""

from playwright.sync_api import Locator

# A canvas turns a colour of any notation into numbers. What is transparent lies over its parents.
MEASURE = """(element, [property, pseudo]) => {
  const paint = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  function over(colors) {
    paint.fillStyle = "#fff";
    paint.fillRect(0, 0, 1, 1);
    for (const color of colors) {
      paint.fillStyle = color;
      paint.fillRect(0, 0, 1, 1);
    }
    return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
  }
  function grounds(node) {
    return node ? [...grounds(node.parentElement), getComputedStyle(node).backgroundColor] : [];
  }
  function luminance(color) {
    const [red, green, blue] = color.map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
  const isText = property === "color";
  const ground = pseudo ? [getComputedStyle(element, pseudo).backgroundColor]
    : grounds(isText ? element : element.parentElement);
  const color = getComputedStyle(element)[property];
  const [light, dark] = [luminance(over([...ground, color])), luminance(over(ground))]
    .sort((one, other) => other - one);
  return (light + 0.05) / (dark + 0.05);
}"""


def contrast(element: Locator, property: str = "color") -> float:
    """Return the contrast of a colour of an element to what it lies on.

    Args:
        element: what is seen.
        property: "color" for its text, or the colour of its edge, which lies on its parent.
    """
    return round(element.evaluate(MEASURE, [property, ""]), 2)
