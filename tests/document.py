"""A page as the tests read it: its elements, its words, and where its ids lead."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Element:
    tag: str
    attrs: dict[str, str]
    inert: bool  # in a <template>, so not part of the page until a script takes it out
    depth: int = 0
    text: str = ""

    def __getitem__(self, name: str) -> str:
        return self.attrs[name]


@dataclass
class Document(HTMLParser):
    html: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self):
        super().__init__()
        self.open = [Element("", {}, inert=False)]
        self.feed(self.html)
        self.close()
        for element in self.elements:
            element.text = " ".join(element.text.split())

    def handle_starttag(self, tag, attrs):
        inert = self.open[-1].inert or self.open[-1].tag == "template"
        element = Element(tag, {name: value or "" for name, value in attrs}, inert, len(self.open))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:  # In SVG the slash closes an element; in `<meta />` it means nothing.
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop().tag == tag, f"</{tag}> closes another element"

    def handle_data(self, data):
        for element in self.open:
            element.text += data

    def all(self, tag=None, **attrs):
        """Return the elements that are part of the page and have these attributes.

        `class_` and `for_` stand for `class` and `for`, `data_busy` for `data-busy`.
        """
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [
            element
            for element in self.elements
            if not element.inert
            and tag in (None, element.tag)
            and wanted.items() <= element.attrs.items()
        ]

    def one(self, tag=None, **attrs):
        [element] = self.all(tag, **attrs)
        return element

    def texts(self, tag=None, **attrs):
        return [element.text for element in self.all(tag, **attrs)]

    @property
    def pieces(self):
        """Return what a fragment is made of, as htmx takes it apart."""
        return [
            (element.tag, element.attrs.get("id"), element.attrs.get("hx-swap-oob"))
            for element in self.elements
            if element.depth == 1
        ]

    @property
    def ids(self):
        return [element["id"] for element in self.all() if "id" in element.attrs]

    @property
    def is_page(self):
        return self.html.lstrip().startswith("<!doctype html>")


def read(response):
    return Document(response.content.decode())


def read_words(client, url="/"):
    """Return what the script of a page may have to say, from where the page says that it is."""
    meta = read(client.get(url)).one("meta", name="auth-ui")
    return read(client.get(meta["data-words"]))
