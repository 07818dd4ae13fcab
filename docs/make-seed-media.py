"""Draw, ring and film everything in `seeds/media`.

    python docs/make-seed-media.py                  # all of it
    python docs/make-seed-media.py harbour bells    # only these, by the name of the file without its suffix

The pictures need Pillow; the two recordings and the film also need `ffmpeg` on the path.
Every picture comes out the same each time: all chance is drawn from a generator with a fixed seed.
The encoders are not ours, so another release of Pillow or ffmpeg may give other bytes for the same drawing.

How a picture is made: shapes are drawn as masks at three times their size, reduced (which smooths their edges),
and laid over one another as flat or shaded paper, with a soft shadow where the picture is a paper cut.
A fine grain goes over the whole at the end.
Coordinates are pixels of the finished picture, from its upper left corner.
"""

from __future__ import annotations

import csv
import itertools
import math
import struct
import subprocess
import sys
import tempfile
import wave
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

MEDIA = Path(__file__).resolve().parent.parent / "seeds" / "media"
SCALE = 3

Colour = tuple[int, int, int]
Point = tuple[float, ...]

INK = (17, 20, 44)
NIGHT = (24, 32, 78)
INDIGO = (52, 52, 112)
VIOLET = (104, 74, 132)
PLUM = (72, 44, 88)
ROSE = (218, 112, 114)
CORAL = (238, 146, 112)
AMBER = (248, 182, 92)
GOLD = (255, 216, 138)
CREAM = (252, 241, 219)
SAND = (232, 208, 170)
SEA = (30, 84, 108)
TEAL = (50, 122, 130)
MIST = (176, 206, 206)
MOSS = (58, 98, 88)
PINE = (24, 58, 64)
BRICK = (176, 66, 58)


def dice(seed: int) -> Random:
    """Return a generator whose numbers are always the same for one seed."""
    return Random(seed)  # noqa: S311 - for drawing, not for secrets


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """Return `a` with this share of `b` (0 to 1) in it."""
    return tuple(round(x + (y - x) * share) for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


def at(points: str) -> list[Point]:
    """Return points, written as in SVG (`"10,20 30,20"`), or longer rows of numbers."""
    return [tuple(float(number) if "." in number else int(number) for number in point.split(",")) for point in points.split()]


def placed(points: str, x: float, y: float, scale: float = 1) -> list[Point]:
    """Return points that are given around `(0, 0)`, around `(x, y)`."""
    return [(x + dx * scale, y + dy * scale) for dx, dy in at(points)]


# --- Paper and scissors ---------------------------------------------------------------------------------------------


class Pen:
    """A mask to draw shapes on, three times as large as the picture that it is for."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._mask = Image.new("L", (size[0] * SCALE, size[1] * SCALE))
        self._draw = ImageDraw.Draw(self._mask)

    def polygon(self, points: Iterable[Point], ink: int = 255) -> Pen:
        """Fill the area inside these corners."""
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=ink)
        return self

    def ellipse(self, x: float, y: float, rx: float, ry: float | None = None, ink: int = 255) -> Pen:
        """Fill an ellipse around `(x, y)`, a circle when there is one radius."""
        ry = rx if ry is None else ry
        self._draw.ellipse([(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE], fill=ink)
        return self

    def box(self, left: float, top: float, right: float, bottom: float, radius: float = 0, ink: int = 255) -> Pen:
        """Fill a rectangle, with round corners if a radius is given."""
        corners = [left * SCALE, top * SCALE, right * SCALE, bottom * SCALE]
        self._draw.rounded_rectangle(corners, radius * SCALE, fill=ink)
        return self

    def line(self, points: Iterable[Point], width: float, ink: int = 255) -> Pen:
        """Draw a line through these points."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._draw.line(scaled, fill=ink, width=max(1, round(width * SCALE)), joint="curve")
        return self

    def arc(self, x: float, y: float, radius: float, start: float, end: float, width: float, ink: int = 255) -> Pen:
        """Draw part of a circle, from one angle to another (degrees, clockwise from the right)."""
        corners = [(x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE]
        self._draw.arc(corners, start, end, fill=ink, width=max(1, round(width * SCALE)))
        return self

    def reduced(self) -> Image.Image:
        """Return the mask in the size of the picture, its edges smooth."""
        return self._mask.reduce(SCALE)


def gradient(size: tuple[int, int], colours: Sequence[Colour], stops: Sequence[float] | None = None) -> Image.Image:
    """Return a picture that goes through these colours from top to bottom; `stops` (0 to 1) says where each one is."""
    stops = stops or [i / (len(colours) - 1) for i in range(len(colours))]
    height = max(size[1], 2)
    column = Image.new("RGB", (1, height))
    for y in range(height):
        at = y / (height - 1)
        i = next((i for i in range(len(stops) - 2) if at <= stops[i + 1]), len(stops) - 2)
        share = (at - stops[i]) / (stops[i + 1] - stops[i])
        column.putpixel((0, y), mix(colours[i], colours[i + 1], min(max(share, 0), 1)))
    return column.resize((size[0], height))


class Picture:
    """A sheet on which paper is laid, layer by layer."""

    def __init__(self, width: int, height: int, colours: Sequence[Colour], stops: Sequence[float] | None = None) -> None:
        self.width, self.height, self.size = width, height, (width, height)
        self.image = gradient(self.size, colours, stops)

    def pen(self) -> Pen:
        """Return an empty mask."""
        return Pen(self.size)

    def lay(
        self,
        pen: Pen | Image.Image,
        *colours: Colour,
        opacity: float = 1,
        shadow: float = 0,
        blur: float = 0,
        within: Image.Image | None = None,
    ) -> Image.Image:
        """Lay paper in the shape of a mask: of one colour, or shaded from its top to its bottom through several.

        `shadow` is how far (pixels) it stands off what is below, `blur` how soft its edge is, `within` a mask that it is cut to.
        Returns the mask.
        """
        mask = pen.reduced() if isinstance(pen, Pen) else pen
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur))
        if within:
            mask = ImageChops.multiply(mask, within)
        if shadow:
            self._shade(mask, shadow)
        box = mask.getbbox()
        if box:
            paint = Image.new("RGB", self.size, colours[0])
            if len(colours) > 1:
                paint.paste(gradient((self.width, box[3] - box[1]), colours), (0, box[1]))
            shown = mask.point(lambda value: round(value * opacity)) if opacity < 1 else mask
            self.image.paste(paint, (0, 0), shown)
        return mask

    def _shade(self, mask: Image.Image, depth: float) -> None:
        moved = Image.new("L", self.size)
        moved.paste(mask, (round(depth * 0.35), round(depth * 0.7)))
        soft = moved.filter(ImageFilter.GaussianBlur(depth * 0.8)).point(lambda value: round(value * 0.5))
        self.image.paste(Image.new("RGB", self.size, (12, 10, 36)), (0, 0), soft)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float = 1, power: float = 2) -> None:
        """Let light fall around a point; a higher power draws it closer together."""
        span = [(i - 63.5) / 64 for i in range(128)]
        fall = bytes(round(255 * strength * max(0.0, 1 - math.hypot(dx, dy)) ** power) for dy in span for dx in span)
        ball = Image.frombytes("L", (128, 128), fall).resize((round(radius * 2), round(radius * 2)), Image.Resampling.BICUBIC)
        mask = Image.new("L", self.size)
        mask.paste(ball, (round(x - radius), round(y - radius)))
        light = Image.composite(Image.new("RGB", self.size, colour), Image.new("RGB", self.size), mask)
        self.image = ImageChops.screen(self.image, light)

    def grain(self, seed: int, strength: float = 5) -> None:
        """Lay a fine grain over the whole, so that nothing looks like plastic."""
        chance = dice(seed)
        first, second = (Image.frombytes("L", self.size, chance.randbytes(self.width * self.height)) for _ in range(2))
        noise = ImageChops.blend(first, second, 0.5).filter(ImageFilter.GaussianBlur(0.6))
        spread = strength / 40
        noise = noise.point(lambda value: round(128 + (value - 128) * spread))
        self.image = ImageChops.add(self.image, Image.merge("RGB", (noise,) * 3), 1, -128)

    def save(self, name: str, seed: int = 1, width: int | None = None, grain: float = 1.9) -> None:
        """Bring it to a width (pixels), give it its grain and put it into the folder of media."""
        if width:
            self.width, self.height = self.size = width, round(self.height * width / self.width)
            self.image = self.image.resize(self.size, Image.Resampling.LANCZOS)
        self.grain(seed, grain)
        more = {"method": 6} if name.endswith(".webp") else {"optimize": True, "progressive": True}
        self.image.save(MEDIA / name, quality=82, **more)


def ridge(seed: int, width: float, base: float, height: float, length: float, rough: float = 0.5, octaves: int = 5) -> list[Point]:
    """Return the outline of hills: around `base`, up to about `height` away from it, each about `length` wide."""
    chance = dice(seed)
    tables = [[chance.uniform(-1, 1) for _ in range(400)] for _ in range(octaves)]
    points: list[Point] = []
    x = -8.0
    while x <= width + 8:
        y, reach, wave_length = 0.0, 1.0, length
        for table in tables:
            at = (x + 40) / wave_length
            i = int(at)
            share = (1 - math.cos((at - i) * math.pi)) / 2
            y += reach * (table[i % 400] * (1 - share) + table[(i + 1) % 400] * share)
            reach, wave_length = reach * rough, wave_length / 2
        points.append((x, base - y * height))
        x += 2
    return points


def ground(points: list[Point], bottom: float) -> list[Point]:
    """Return the area below an outline."""
    return [*points, (points[-1][0], bottom + 9), (points[0][0], bottom + 9)]


def smooth(points: Sequence[Point], closed: bool = True, steps: int = 14) -> list[Point]:
    """Return a curve through all of these points (Catmull-Rom)."""
    n = len(points)
    out: list[Point] = []
    for i in range(n if closed else n - 1):
        a, b, c, d = (points[(i + k) % n if closed else min(max(i + k, 0), n - 1)] for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            x, y = (
                0.5
                * (
                    2 * b[k]
                    + (c[k] - a[k]) * t
                    + (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]) * t**2
                    + (3 * b[k] - a[k] - 3 * c[k] + d[k]) * t**3
                )
                for k in (0, 1)
            )
            out.append((x, y))
    return out if closed else [*out, points[-1]]


def stars(picture: Picture, seed: int, count: int, bottom: float, size: float = 1.5) -> None:
    """Scatter stars over the sky above `bottom`."""
    chance = dice(seed)
    pen = picture.pen()
    for _ in range(count):
        radius = size * (0.35 + chance.random() ** 4)
        pen.ellipse(
            chance.uniform(0, picture.width), chance.uniform(0, bottom) * chance.random() ** 0.3, radius, ink=chance.randint(90, 255)
        )
    picture.lay(pen, CREAM)


def glitter(
    picture: Picture, seed: int, x: float, top: float, bottom: float, spread: float, colour: Colour, count: int, opacity: float = 0.7
) -> None:
    """Let a light glitter on water in short strokes that grow wider towards the viewer."""
    chance = dice(seed)
    pen = picture.pen()
    for _ in range(count):
        depth = chance.random() ** 1.3
        length = (8 + 60 * depth) * chance.uniform(0.4, 1)
        pen.ellipse(
            x + chance.gauss(0, spread) * (0.4 + depth),
            top + (bottom - top) * depth,
            length,
            0.8 + 2.4 * depth,
            ink=chance.randint(90, 255),
        )
    picture.lay(pen, colour, opacity=opacity)


def cloud(pen: Pen, x: float, y: float, width: float, seed: int) -> None:
    """Draw a long flat evening cloud."""
    chance = dice(seed)
    for _ in range(9):
        length = width * chance.uniform(0.2, 0.55)
        pen.ellipse(
            x + chance.uniform(-0.5, 0.5) * width, y + chance.uniform(-1, 1) * width * 0.035, length, width * chance.uniform(0.01, 0.03)
        )


def gull(pen: Pen, x: float, y: float, span: float, width: float = 2.4, tilt: float = 0) -> None:
    """Draw a bird far away, as two strokes of the wing."""
    wing = smooth(
        [
            (x - span, y - span * (0.1 + tilt)),
            (x - span * 0.5, y - span * 0.36),
            (x, y),
            (x + span * 0.5, y - span * 0.36),
            (x + span, y - span * (0.1 - tilt)),
        ],
        False,
    )
    pen.line(wing, width)


def spruce(pen: Pen, x: float, base: float, height: float) -> None:
    """Draw a conifer."""
    for i in range(4):
        top, low = base - height * (1 - i * 0.2), base - height * (0.62 - i * 0.19)
        half = height * (0.1 + i * 0.055)
        pen.polygon([(x, top), (x + half, low), (x - half, low)])
    pen.box(x - height * 0.025, base - height * 0.1, x + height * 0.025, base + 4)


# --- The pictures ---------------------------------------------------------------------------------------------------


def lighthouse() -> None:
    """Draw the lighthouse of Tarn Skerry at dusk."""
    p = Picture(1600, 1067, [(22, 28, 76), (78, 62, 128), (190, 98, 124), (240, 158, 112), (255, 206, 138)], [0, 0.3, 0.5, 0.62, 0.68])
    stars(p, 3, 130, 330, 1.6)
    p.glow(430, 720, 620, (255, 190, 110), 0.55)
    p.glow(430, 720, 220, (255, 230, 170), 0.7)
    for seed, (x, y, width, colour) in enumerate(
        [
            (300, 420, 520, (204, 108, 128)),
            (900, 500, 460, (228, 134, 120)),
            (1330, 360, 420, (150, 88, 130)),
            (160, 585, 420, (250, 176, 120)),
        ]
    ):
        pen = p.pen()
        cloud(pen, x, y, width, seed)
        p.lay(pen, colour, opacity=0.55, blur=3)
    p.lay(p.pen().polygon(ground(ridge(11, 1600, 706, 26, 300), 730)), (158, 92, 126), (206, 122, 122), opacity=0.8)
    p.lay(p.pen().box(-5, 722, 1605, 1075), (242, 170, 120), (150, 92, 124), (58, 66, 112), (22, 40, 78), (14, 26, 58))
    cape = [
        (px, 724 - max(0, 724 - py) * math.cos(max(px, 0) / 620 * math.pi / 2) ** 0.7)
        for px, py in ridge(12, 608, 700, 46, 260, 0.4)
        if px < 619
    ]
    p.lay(p.pen().polygon(ground(cape, 715)), (110, 70, 118), (150, 92, 122))
    glitter(p, 4, 430, 728, 950, 130, (255, 214, 150), 260, 0.75)
    chance = dice(9)
    pen = p.pen()
    for _ in range(230):
        y = 735 + 320 * chance.random()
        pen.ellipse(chance.uniform(0, 1600), y, 14 + (y - 720) * 0.2 * chance.random(), 0.6 + (y - 720) / 240, ink=chance.randint(40, 200))
    p.lay(pen, (12, 24, 60), opacity=0.4)
    x, top = 1150, 268
    for spread, opacity in ((1.7, 0.1), (1, 0.17)):
        beams = (
            p.pen()
            .polygon([(x, top), (-60, 250 - 120 * spread), (-60, 250 + 90 * spread)])
            .polygon([(x, top), (1660, 250 - 44 * spread), (1660, 258 + 44 * spread)])
        )
        p.lay(beams, GOLD, opacity=opacity, blur=7)
    rock = smooth(at("760,800 820,752 900,740 960,700 1040,684 1100,655 1190,650 1260,668 1330,712 1420,728 1500,770 1560,806 1200,830"))
    base = p.lay(p.pen().polygon(rock), (70, 48, 92), (20, 20, 48))
    chance = dice(5)
    facets = p.pen()
    for fx, fy, run in at("870,744,70 985,696,104 1078,672,96 1180,690,84 1292,700,96 1400,738,80 1492,776,60"):
        foot = fy + run * chance.uniform(0.9, 1.3)
        facets.polygon(
            [(fx, fy), (fx + run * 0.16, fy + run * 0.5), (fx - run * 0.1, foot), (fx - run * 1.1, foot), (fx - run * 0.62, fy + run * 0.4)]
        )
    p.lay(facets, (150, 84, 112), (66, 44, 90), opacity=0.5, within=base)
    tower = p.lay(p.pen().polygon(at("1098,660 1122,318 1178,318 1202,660")), (255, 232, 206), (236, 196, 186))
    for y in (388, 520):
        p.lay(p.pen().box(1050, y, 1250, y + 62), BRICK, within=tower)
    p.lay(p.pen().polygon(at("1166,310 1210,310 1210,668 1150,668")), (48, 32, 84), opacity=0.42, blur=9, within=tower)
    p.lay(p.pen().box(1136, 474, 1150, 500, 7).box(1134, 604, 1150, 632, 8), (54, 38, 78))
    p.lay(p.pen().box(1104, 304, 1196, 318, 3).box(1118, 226, 1182, 234, 3), (40, 30, 64))
    p.lay(p.pen().box(1126, 234, 1174, 304), (255, 224, 150))
    p.lay(
        p.pen()
        .line([(1106, 286), (1194, 286)], 2.4)
        .line([(1150, 234), (1150, 304)], 2)
        .line([(1134, 234), (1134, 304)], 2)
        .line([(1166, 234), (1166, 304)], 2),
        (60, 40, 70),
    )
    p.lay(p.pen().polygon(smooth(at("1120,228 1128,206 1150,190 1172,206 1180,228"), False)).box(1147, 168, 1153, 196), BRICK, (96, 34, 50))
    p.glow(x, top, 420, (255, 206, 126), 0.55, 2.4)
    p.glow(x, top, 90, (255, 248, 220), 1, 1.2)
    p.lay(p.pen().box(1216, 628, 1310, 690).polygon(at("1208,630 1263,596 1318,630")), (92, 62, 98), (56, 40, 76))
    p.lay(p.pen().box(1236, 644, 1250, 664, 2).box(1272, 644, 1286, 664, 2), GOLD)
    foam = p.pen()
    for _ in range(70):
        foam.ellipse(
            chance.uniform(740, 1580),
            806 + abs(chance.gauss(0, 10)),
            chance.uniform(8, 46),
            chance.uniform(1, 3.6),
            ink=chance.randint(90, 230),
        )
    p.lay(foam, (240, 206, 196), opacity=0.75)
    p.lay(p.pen().polygon(smooth(at("560,838 584,864 664,866 700,834 640,846"))).line([(628, 846), (628, 778)], 3.4), (22, 20, 50))
    p.lay(p.pen().polygon(at("632,782 632,836 680,836")), (120, 60, 86))
    p.glow(622, 832, 60, GOLD, 0.9)
    glitter(p, 7, 624, 870, 960, 10, GOLD, 26, 0.7)
    for seed, base_y, height, colours in ((21, 930, 44, ((34, 32, 72), (20, 22, 52))), (22, 1000, 40, ((18, 18, 46), (8, 10, 28)))):
        outline = [(px, py + (max(px, 0) / 1600) ** 1.3 * 170) for px, py in ridge(seed, 1600, base_y, height, 420, 0.34)]
        p.lay(p.pen().polygon(ground(outline, 1067)), *colours)
    grass, chance = p.pen(), dice(31)
    for px, py in outline:
        lean, tall = chance.uniform(-6, 14), chance.uniform(8, 30) * chance.random()
        grass.line([(px, py + 4), (px + lean * 0.3, py - tall * 0.55), (px + lean, py - tall)], 1.4)
    p.lay(grass, (18, 18, 44))
    birds = p.pen()
    for bx, by, span in ((660, 250, 26), (736, 292, 19), (590, 316, 16), (800, 236, 13)):
        gull(birds, bx, by, span, span * 0.12)
    p.lay(birds, (34, 30, 70))
    p.save("lighthouse.jpg", 1)


def lens() -> None:
    """Draw the lens of the lighthouse from the front."""
    p = Picture(1200, 1200, [(20, 24, 58), (34, 30, 72), (66, 42, 80)])
    for i, colour in enumerate([(44, 38, 82), (56, 46, 92), (70, 54, 100)]):
        inset = 30 + i * 34
        p.lay(p.pen().box(inset, inset, 1200 - inset, 1200 - inset, 40), colour, mix(colour, INK, 0.5), shadow=12)
    p.lay(p.pen().ellipse(600, 590, 470), (150, 96, 58), (92, 52, 46), shadow=22)
    p.lay(p.pen().ellipse(600, 590, 446), (230, 168, 96), (140, 84, 56))
    p.lay(p.pen().ellipse(600, 590, 436), (30, 62, 88), (18, 36, 66), shadow=6)
    for i, radius in enumerate(range(424, 150, -34)):
        share = i / 8
        light, dark = mix((90, 168, 172), (255, 226, 150), share), mix((24, 70, 96), (232, 150, 80), share)
        p.lay(p.pen().ellipse(600, 590, radius), light, dark, shadow=7)
        p.lay(p.pen().ellipse(600, 590, radius - 9), dark, mix(light, CREAM, 0.25))
    p.lay(p.pen().ellipse(600, 590, 150), (255, 240, 196), (250, 196, 108), shadow=8)
    p.glow(600, 590, 560, (255, 206, 120), 0.5, 1.8)
    p.glow(600, 590, 190, (255, 250, 226), 0.95, 1.3)
    shine = p.pen()
    for angle in (206, 26):
        shine.arc(600, 590, 404, angle, angle + 52, 9).arc(600, 590, 336, angle + 8, angle + 44, 7).arc(
            600, 590, 268, angle + 14, angle + 36, 5
        )
    p.lay(shine, (255, 252, 236), opacity=0.65, blur=1.5)
    struts = p.pen()
    for i in range(6):
        a = math.radians(30 + i * 60)
        struts.line([(600 + 152 * math.cos(a), 590 + 152 * math.sin(a)), (600 + 452 * math.cos(a), 590 + 452 * math.sin(a))], 11)
    p.lay(struts.arc(600, 590, 158, 0, 360, 14), (196, 128, 72), (120, 70, 52), shadow=5)
    rivets = p.pen()
    for i in range(36):
        a = math.radians(i * 10)
        rivets.ellipse(600 + 458 * math.cos(a), 590 + 458 * math.sin(a), 6)
    p.lay(rivets, (255, 214, 150), (190, 124, 76))
    p.lay(p.pen().polygon(at("430,1040 770,1040 830,1130 370,1130")).box(330, 1120, 870, 1166, 8), (150, 96, 60), (66, 40, 52), shadow=14)
    p.save("lens.jpg", 2, 720)


def house(
    p: Picture, x: float, base: float, width: float, height: float, wall: Colour, roof: Colour, seed: int, shadow: float = 10
) -> None:
    """Lay a gabled paper house, its windows lit."""
    chance = dice(seed)
    body = p.pen().box(x, base - height, x + width, base + 6)
    p.lay(body, wall, mix(wall, INK, 0.14), shadow=shadow)
    peak = height + width * chance.uniform(0.42, 0.62)
    p.lay(
        p.pen().polygon([(x - 7, base - height + 3), (x + width / 2, base - peak), (x + width + 7, base - height + 3)]),
        roof,
        mix(roof, INK, 0.2),
        shadow=shadow * 0.6,
    )
    columns, rows = max(1, round(width / 52)), max(1, round(height / 66))
    lit, dark = p.pen(), p.pen()
    for c in range(columns):
        for r in range(rows):
            wx, wy = x + width * (c + 0.5) / columns, base - height + height * (r + 0.42) / rows
            (lit if chance.random() < 0.62 else dark).box(wx - 9, wy - 13, wx + 9, wy + 13, 2)
    p.lay(dark, mix(wall, INK, 0.55))
    p.lay(lit, GOLD, AMBER)


def boat(p: Picture, x: float, y: float, size: float, hull: Colour, sail: Colour) -> None:
    """Lay a paper boat with two sails."""
    main = [*smooth(placed("4,-150 66,-70 86,-15", x, y, size), False), (x + 4 * size, y - 15 * size)]
    jib = [*smooth(placed("-6,-128 -44,-66 -60,-15", x, y, size), False), (x - 6 * size, y - 15 * size)]
    p.lay(p.pen().polygon(main), sail, mix(sail, ROSE, 0.25), shadow=9 * size)
    p.lay(p.pen().polygon(jib), mix(sail, SAND, 0.4), shadow=9 * size)
    p.lay(p.pen().polygon(placed("-92,-14 104,-14 70,30 -62,30", x, y, size)), hull, mix(hull, INK, 0.35), shadow=12 * size)


def waves(width: float, y: float, length: float, height: float, shift: float) -> list[Point]:
    """Return an outline of scalloped waves."""
    points = []
    for x in range(-10, round(width) + 14, 3):
        phase = ((x + shift) % length) / length
        points.append((float(x), y - height * math.sin(math.pi * phase) ** 0.8))
    return points


def harbour() -> None:
    """Cut a harbour town out of paper."""
    p = Picture(1600, 1067, [(255, 238, 206), (253, 214, 164)])
    for radius, colour in (
        (520, (254, 222, 172)),
        (410, (252, 200, 144)),
        (305, (248, 172, 118)),
        (205, (240, 138, 104)),
        (118, (226, 102, 92)),
    ):
        p.lay(p.pen().ellipse(1010, 420, radius), colour, shadow=14)
    for seed, base, height, length, colour in (
        (41, 500, 90, 330, (146, 178, 180)),
        (42, 580, 90, 280, (92, 146, 154)),
        (43, 650, 70, 240, (54, 112, 126)),
    ):
        p.lay(
            p.pen().polygon(ground(ridge(seed, 1600, base, height, length, 0.35), 1067)),
            mix(colour, CREAM, 0.12),
            mix(colour, INK, 0.12),
            shadow=16,
        )
    walls = [(250, 226, 190), (226, 118, 100), (244, 190, 120), (120, 168, 168), (238, 158, 126), (214, 206, 186), (186, 92, 92)]
    roofs = [(150, 62, 66), (64, 70, 104), (108, 58, 82), (44, 84, 100)]
    chance, x, i = dice(44), 20.0, 0
    while x < 1560:
        width = chance.choice([84, 96, 112, 130])
        house(p, x, 780, width, chance.uniform(110, 240), walls[i % 7], roofs[(i * 3 + 1) % 4], 60 + i)
        x, i = x + width + chance.choice([-2, 2, 16]), i + 1
    p.lay(p.pen().box(700, 410, 770, 780), (252, 240, 216), (214, 186, 160), shadow=12)
    p.lay(p.pen().polygon(at("690,414 735,270 780,414")).line([(735, 280), (735, 232)], 5), (54, 62, 100), (34, 40, 76), shadow=9)
    p.lay(p.pen().ellipse(735, 478, 24), (54, 62, 100))
    p.lay(p.pen().ellipse(735, 478, 19), CREAM)
    p.lay(p.pen().line([(735, 478), (735, 464)], 3).line([(735, 478), (746, 484)], 3), INK)
    p.lay(p.pen().box(722, 540, 748, 592, 13).box(722, 640, 748, 692, 13), (84, 72, 104))
    p.lay(p.pen().box(-10, 772, 1610, 812), (150, 118, 110), (108, 82, 92), shadow=14)
    posts = p.pen()
    for x in range(40, 1600, 92):
        posts.box(x, 764, x + 13, 840, 3)
    p.lay(posts, (86, 62, 78), shadow=6)
    seas = [(64, 146, 152), (46, 122, 138), (36, 98, 122), (28, 76, 104), (22, 56, 86)]
    for i, colour in enumerate(seas):
        y = 836 + i * 52
        p.lay(p.pen().polygon(ground(waves(1600, y, 96 + i * 16, 20 + i * 4, i * 53), 1067)), mix(colour, CREAM, 0.1), colour, shadow=15)
        if i == 0:
            boat(p, 320, 846, 1.1, (196, 76, 72), (255, 246, 226))
        elif i == 1:
            boat(p, 1190, 890, 1.5, (50, 58, 100), (255, 240, 210))
        elif i == 2:
            boat(p, 640, 962, 0.9, (226, 140, 84), (252, 226, 196))
    birds = p.pen()
    for x, y, span in ((420, 190, 36), (520, 240, 26), (330, 262, 22)):
        gull(birds, x, y, span, span * 0.14)
    p.lay(birds, (92, 80, 110), shadow=5)
    p.save("harbour.jpg", 3)


def lantern(p: Picture, x: float, y: float, size: float, metal: Colour = (34, 28, 58)) -> None:
    """Hang a lit lantern by its ring, the middle of its glass at `(x, y)`."""
    s = size
    p.lay(
        p.pen().polygon(placed("-62,-92 62,-92 84,96 -84,96", x, y, s)),
        (255, 232, 168),
        AMBER,
        (236, 138, 84),
    )
    p.lay(
        p.pen().polygon(smooth(placed("0,-52 26,14 22,56 0,72 -22,56 -26,14", x, y, s))),
        (255, 252, 232),
        (255, 214, 120),
    )
    frame = p.pen()
    for side in (-1, 1):
        frame.line([(x + side * 62 * s, y - 94 * s), (x + side * 84 * s, y + 98 * s)], 11 * s).line(
            [(x + side * 22 * s, y - 94 * s), (x + side * 30 * s, y + 98 * s)], 5 * s
        )
    frame.line([(x - 74 * s, y), (x + 74 * s, y)], 5 * s)
    frame.box(x - 100 * s, y + 94 * s, x + 100 * s, y + 120 * s, 6 * s).box(x - 74 * s, y + 120 * s, x + 74 * s, y + 136 * s, 6 * s)
    frame.box(x - 78 * s, y - 110 * s, x + 78 * s, y - 90 * s, 5 * s)
    frame.polygon(
        smooth(
            placed("-74,-108 -52,-150 -22,-172 22,-172 52,-150 74,-108", x, y, s),
            False,
        )
    )
    frame.box(x - 24 * s, y - 192 * s, x + 24 * s, y - 168 * s, 5 * s).arc(x, y - 222 * s, 36 * s, 0, 360, 9 * s)
    p.lay(frame, metal)


def banner() -> None:
    """Draw the banner of the publication: a lantern over a sleeping town."""
    p = Picture(1600, 800, [(18, 22, 60), (44, 44, 104), (112, 76, 130), (214, 116, 116)], [0, 0.45, 0.8, 1])
    stars(p, 71, 240, 520, 1.7)
    p.glow(1280, 300, 260, (200, 180, 200), 0.3)
    p.lay(p.pen().ellipse(1290, 300, 70).ellipse(1262, 284, 62, ink=0), (255, 240, 206))
    for seed, base, height, colours in ((72, 520, 90, ((96, 72, 132), (150, 90, 128))), (73, 585, 70, ((66, 54, 112), (104, 68, 116)))):
        p.lay(p.pen().polygon(ground(ridge(seed, 1600, base, height, 300, 0.4), 800)), *colours)
    for row, (base, colour, roof) in enumerate(
        ((660, (58, 48, 100), (46, 40, 90)), (730, (42, 38, 84), (32, 30, 72)), (820, (26, 26, 60), (18, 20, 48)))
    ):
        chance, x, i = dice(74 + row), -30.0 - row * 20, 0
        while x < 1600:
            width = chance.choice([70, 86, 104]) + row * 12
            house(
                p, x, base, width, chance.uniform(60, 120) + row * 8, mix(colour, ROSE, chance.random() * 0.1), roof, 80 + row * 40 + i, 6
            )
            x, i = x + width + chance.choice([0, 4, 22]), i + 1
    chain = [(x, 96 + 90 * math.sin(math.pi * x / 1600)) for x in range(-20, 1640, 20)]
    p.lay(p.pen().line(chain, 3), (16, 16, 42))
    p.glow(470, 424, 580, (255, 184, 100), 0.62, 2)
    lantern(p, 470, 424, 1.12, (20, 18, 46))
    p.glow(470, 424, 210, (255, 240, 190), 0.6, 1.6)
    for x, size in ((130, 0.26), (800, 0.3), (1080, 0.24), (1500, 0.26)):
        y = 96 + 90 * math.sin(math.pi * x / 1600)
        p.glow(x, y + 70 * size / 0.26, 150, (255, 190, 110), 0.6)
        lantern(p, x, y + 66 * size / 0.26, size, (20, 18, 46))
    p.save("banner.jpg", 4, 1200)


def logo() -> None:
    """Draw the logo: a lantern on a round night."""
    p = Picture(512, 512, [(30, 34, 84), (92, 62, 120)])
    p.glow(256, 300, 300, (255, 176, 92), 0.75, 1.5)
    lantern(p, 256, 300, 0.98, (16, 16, 42))
    disc = Pen(p.size).ellipse(256, 256, 254).reduced()
    ring = Pen(p.size).ellipse(256, 256, 254).ellipse(256, 256, 238, ink=0).reduced()
    p.lay(ring, GOLD, (226, 140, 84))
    p.image.putalpha(disc)
    p.image.save(MEDIA / "logo.png", optimize=True)


def clock() -> None:
    """Draw the clock tower of the town hall, seven minutes slow, with swifts."""
    p = Picture(1067, 1600, [(64, 120, 146), (148, 182, 178), (246, 210, 164), (250, 178, 128)], [0, 0.4, 0.75, 1])
    p.glow(200, 1280, 700, (255, 214, 140), 0.6)
    for seed, (x, y, width, colour) in enumerate(
        [
            (230, 330, 300, (226, 226, 206)),
            (900, 560, 320, (240, 226, 196)),
            (120, 760, 300, (252, 226, 184)),
            (960, 930, 260, (252, 214, 170)),
        ],
        90,
    ):
        pen = p.pen()
        cloud(pen, x, y, width, seed)
        p.lay(pen, colour, opacity=0.75, blur=2)
    for seed, base, colours in ((95, 1330, ((130, 150, 156), (170, 160, 150))), (96, 1400, ((92, 112, 128), (120, 116, 126)))):
        p.lay(p.pen().polygon(ground(ridge(seed, 1067, base, 40, 220, 0.4), 1600)), *colours)
    left, right, stone = 360, 707, (236, 206, 168)
    tower = p.lay(p.pen().box(left, 620, right, 1620), stone, (206, 160, 134), shadow=10)
    courses, chance = p.pen(), dice(97)
    for row, y in enumerate(range(640, 1600, 44)):
        courses.line([(left, y), (right, y)], 1.6)
        for x in range(left + (row % 2) * 32, right, 64):
            courses.line([(x, y), (x, y + 44)], 1.6)
    p.lay(courses, (150, 104, 92), opacity=0.38, within=tower)
    blocks = p.pen()
    for _ in range(46):
        row = chance.randrange(22)
        x = left + (row % 2) * 32 + 64 * chance.randrange(-1, 6)
        blocks.box(x + 1, 641 + row * 44, x + 63, 683 + row * 44)
    p.lay(blocks, (255, 230, 190), opacity=0.4, within=tower)
    p.lay(p.pen().polygon(at("590,600 740,600 740,1640 620,1640")), (82, 56, 92), opacity=0.32, blur=14, within=tower)
    p.lay(p.pen().box(330, 600, 737, 632, 4).box(344, 1080, 723, 1104, 3), (248, 222, 184), (188, 140, 120), shadow=12)
    p.lay(p.pen().box(384, 420, 683, 604), (240, 212, 174), (212, 166, 138), shadow=6)
    for x in (428, 506, 584):
        p.lay(p.pen().box(x, 452, x + 54, 604, 27), (66, 56, 92), (44, 40, 74))
        p.lay(
            p.pen().polygon(
                smooth([(x + 27, 490), (x + 38, 504), (x + 41, 540), (x + 48, 556), (x + 6, 556), (x + 13, 540), (x + 16, 504)])
            ),
            (206, 140, 84),
            (150, 86, 66),
        )
    p.lay(p.pen().box(364, 398, 703, 424, 4), (248, 222, 184), (188, 140, 120), shadow=10)
    p.lay(
        p.pen().polygon(
            smooth(at("376,400 420,330 494,286 520,190 534,96"), False)
            + list(reversed(smooth(at("691,400 647,330 573,286 547,190 534,96"), False)))
        ),
        (74, 132, 128),
        (40, 82, 96),
        shadow=8,
    )
    p.lay(p.pen().line([(534, 100), (534, 40)], 5).ellipse(534, 92, 9).polygon(at("536,44 584,56 536,70")), (190, 120, 70))
    cx, cy = 533, 850
    for radius, colours in (
        (160, ((120, 74, 70), (78, 48, 64))),
        (146, ((250, 200, 120), (206, 132, 82))),
        (134, ((255, 250, 234), (246, 226, 196))),
    ):
        p.lay(p.pen().ellipse(cx, cy, radius), *colours, shadow=6)
    ticks = p.pen()
    for i in range(60):
        a, inner = math.radians(i * 6), 104 if i % 5 == 0 else 120
        ticks.line(
            [(cx + inner * math.sin(a), cy - inner * math.cos(a)), (cx + 126 * math.sin(a), cy - 126 * math.cos(a))],
            8 if i % 15 == 0 else 5 if i % 5 == 0 else 2,
        )
    p.lay(ticks, (50, 42, 76))
    hands = p.pen()
    for angle, length, width in ((360 * (11 + 53 / 60) / 12, 74, 12), (360 * 53 / 60, 112, 7)):
        a = math.radians(angle)
        hands.line([(cx - 22 * math.sin(a), cy + 22 * math.cos(a)), (cx + length * math.sin(a), cy - length * math.cos(a))], width)
    p.lay(hands.ellipse(cx, cy, 12), (40, 34, 66), shadow=5)
    p.lay(p.pen().ellipse(cx, cy, 5), GOLD)
    for x in (430, 592):
        p.lay(p.pen().box(x, 1190, x + 46, 1320, 23), (84, 64, 96), (58, 48, 82))
        p.lay(p.pen().line([(x + 23, 1192), (x + 23, 1320)], 3).line([(x, 1250), (x + 46, 1250)], 3), (214, 172, 140))
    walls = [(240, 196, 150), (222, 128, 106), (250, 218, 176), (150, 172, 168)]
    chance, x, i = dice(98), -30.0, 0
    while x < 1067:
        width = chance.choice([120, 146, 170])
        house(p, x, 1640, width, chance.uniform(110, 230), walls[i % 4], ((126, 60, 66), (84, 66, 98))[i % 2], 200 + i)
        x, i = x + width + chance.choice([0, 6, 12]), i + 1
    birds = p.pen()
    for x, y, span, tilt in at(
        "190,480,34,0.2 268,560,24,-0.15 840,300,38,-0.2 900,420,22,0.1 770,210,20,0.25 140,640,18,0 250,250,26,0.3 905,720,26,0.15"
    ):
        birds.polygon(
            smooth(
                [
                    (x - span, y - span * (0.2 + tilt)),
                    (x - span * 0.3, y - span * 0.3),
                    (x, y - span * 0.14),
                    (x + span * 0.3, y - span * 0.3),
                    (x + span, y - span * (0.2 - tilt)),
                    (x + span * 0.2, y + span * 0.02),
                    (x, y + span * 0.42),
                    (x - span * 0.2, y + span * 0.02),
                ],
                steps=5,
            )
        )
    p.lay(birds, (36, 34, 66))
    p.save("clock.jpg", 5, 800)


def person(pen: Pen, x: float, base: float, height: float, step: float = 0.06) -> None:
    """Draw somebody far away, standing or walking."""
    h = height
    pen.ellipse(x, base - h * 0.9, h * 0.085)
    pen.polygon(
        smooth(
            [(x - h * 0.06, base - h * 0.8), (x + h * 0.06, base - h * 0.8), (x + h * 0.13, base - h * 0.3), (x - h * 0.13, base - h * 0.3)]
        )
    )
    for side in (-1, 1):
        pen.polygon(
            [
                (x - h * 0.07, base - h * 0.36),
                (x + h * 0.07, base - h * 0.36),
                (x + side * h * step + h * 0.035, base),
                (x + side * h * step - h * 0.035, base),
            ]
        )


PLOUGH = at("276,452 350,444 391,475 445,508 426,565 508,604 550,558 445,508")
CASSIOPEIA = at("926,104 966,166 1022,140 1060,196 1124,152")
POLE_STAR = (760, 330)


def night_sky() -> None:
    """Draw the northern sky over a village whose lamps are turned down."""
    p = Picture(1600, 1067, [(12, 16, 50), (22, 36, 88), (40, 78, 122), (96, 136, 146)], [0, 0.4, 0.68, 0.82])
    chance = dice(101)
    for i in range(54):
        share = i / 53
        x, y = 800 + 800 * share + chance.gauss(0, 44), -40 + 820 * share + chance.gauss(0, 40)
        p.glow(x, y, chance.uniform(70, 170), chance.choice([(90, 96, 160), (120, 110, 160), (70, 110, 160), (150, 120, 140)]), 0.17, 1.6)
    stars(p, 102, 700, 860, 1.4)
    pen = p.pen()
    for _ in range(900):
        share = chance.random()
        pen.ellipse(
            800 + 800 * share + chance.gauss(0, 80),
            -40 + 820 * share + chance.gauss(0, 70),
            chance.uniform(0.4, 1.1),
            ink=chance.randint(80, 220),
        )
    p.lay(pen, CREAM)
    lines = p.pen().line(PLOUGH, 1.6).line(CASSIOPEIA, 1.6)
    p.lay(lines, MIST, opacity=0.65)
    pointer = p.pen()
    for share in (0.16, 0.3, 0.44, 0.58, 0.72, 0.86):
        pointer.ellipse(550 + (POLE_STAR[0] - 550) * share, 558 + (POLE_STAR[1] - 558) * share, 2.2)
    p.lay(pointer, MIST, opacity=0.8)
    for x, y in [*PLOUGH[:7], *CASSIOPEIA, POLE_STAR]:
        p.glow(x, y, 26, (190, 214, 255), 0.8)
        p.lay(p.pen().ellipse(x, y, 4.6), (255, 252, 240))
    p.glow(520, 900, 620, (240, 190, 120), 0.3)
    for seed, base, height, length, colours in (
        (103, 800, 60, 420, ((44, 86, 116), (74, 116, 130))),
        (104, 850, 56, 360, ((30, 62, 96), (44, 84, 106))),
        (105, 905, 40, 460, ((20, 44, 76), (24, 52, 80))),
    ):
        p.lay(p.pen().polygon(ground(ridge(seed, 1600, base, height, length, 0.36), 1067)), *colours)
    chance, x = dice(106), 300.0
    for i in range(13):
        width = chance.choice([40, 48, 58])
        base = 934 + chance.uniform(-6, 10)
        house(p, x, base, width, chance.uniform(34, 58), (28, 44, 78), (18, 30, 60), 300 + i, 3)
        x += width + chance.choice([2, 8, 30])
    p.lay(p.pen().box(604, 850, 626, 940).polygon(at("600,852 615,800 630,852")), (24, 38, 70), (20, 32, 62))
    for lx in (340, 520, 700, 860):
        p.lay(p.pen().box(lx, 902, lx + 3, 950), (14, 22, 48))
        p.lay(p.pen().polygon([(lx - 3, 906), (lx + 6, 906), (lx + 40, 962), (lx - 37, 962)]), (255, 206, 120), opacity=0.34, blur=4)
        p.lay(p.pen().polygon([(lx - 9, 905), (lx + 12, 905), (lx + 7, 898), (lx - 4, 898)]), (14, 22, 48))
    p.lay(p.pen().polygon(ground(ridge(107, 1600, 980, 34, 700, 0.3), 1067)), (14, 28, 56), (8, 16, 38))
    hill = smooth(at("960,1080 1080,990 1230,932 1400,918 1610,960 1640,1080"))
    p.lay(p.pen().polygon(hill), (12, 24, 50), (6, 12, 32))
    people = p.pen()
    person(people, 1280, 930, 128)
    person(people, 1432, 926, 104)
    people.line(at("1280,848 1316,860 1346,840"), 8)
    people.line([(1356, 846), (1334, 930)], 3.4).line([(1356, 846), (1356, 928)], 3.4).line([(1356, 846), (1380, 930)], 3.4).box(
        1344, 818, 1368, 848, 3
    )
    people.line(at("1432,858 1408,836 1392,800"), 6)
    p.lay(people, (5, 9, 26))
    p.glow(1356, 830, 34, (255, 90, 80), 0.9)
    trees = p.pen()
    for tx, height in ((40, 210), (98, 160), (150, 230), (214, 130), (1560, 190), (1606, 240)):
        spruce(trees, tx, 1050, height)
    p.lay(trees, (7, 14, 34))
    p.save("night-sky.jpg", 6, 1280)


def dhow() -> None:
    """Draw a dhow under the stars of the swan, before dawn."""
    p = Picture(1600, 1067, [(20, 22, 66), (38, 58, 116), (84, 112, 148), (222, 160, 128), (255, 212, 150)], [0, 0.34, 0.54, 0.66, 0.7])
    stars(p, 111, 420, 560, 1.5)
    swan = at("1120,110 1196,190 1262,262 1330,330 1420,430")
    wing = at("1010,286 1100,236 1196,190 1290,128 1376,60")
    p.lay(p.pen().line(swan, 1.6).line(wing, 1.6), MIST, opacity=0.5)
    for i, (x, y) in enumerate([*swan, *wing]):
        p.glow(x, y, 34 if i in (0, 4) else 24, (200, 216, 255), 0.85)
        p.lay(p.pen().ellipse(x, y, 5.4 if i == 0 else 4), (255, 252, 240))
    p.glow(1080, 746, 620, (255, 196, 120), 0.5)
    for seed, base, height, length, colours in (
        (112, 700, 60, 240, ((176, 122, 134), (226, 156, 130))),
        (113, 728, 36, 300, ((128, 86, 120), (176, 112, 122))),
    ):
        p.lay(p.pen().polygon(ground(ridge(seed, 1600, base, height, length, 0.46), 756)), *colours)
    p.lay(p.pen().box(-5, 745, 1605, 1075), (250, 196, 142), (152, 122, 142), (52, 82, 124), (22, 44, 92), (14, 26, 66))
    glitter(p, 114, 1080, 750, 1050, 120, (255, 226, 170), 230, 0.7)
    hull = at("250,800 350,826 520,838 690,822 838,772 800,850 720,896 480,902 330,872")
    reflection = p.pen().polygon([(x, 1796 - y) for x, y in smooth(hull)]).polygon(at("330,930 800,930 620,1060"))
    p.lay(reflection, (16, 22, 58), opacity=0.5, blur=9)
    p.lay(p.pen().line([(560, 850), (540, 330)], 9).line([(286, 610), (800, 150)], 8), (54, 32, 52))
    sail = (
        smooth(at("292,606 420,486 560,362 690,250 796,156"), False)
        + smooth(at("796,156 822,330 806,520 742,768"), False)
        + smooth(at("742,768 600,720 440,676 292,606"), False)
    )
    cloth = p.lay(p.pen().polygon(sail), (255, 236, 204), (240, 186, 150), (202, 130, 128), shadow=8)
    seams = p.pen()
    for i in range(1, 7):
        x = 292 + i * 72
        seams.line(smooth([(x, 0), (x + 22, 400), (x + 4, 800)], False), 2)
    p.lay(seams, (150, 92, 104), opacity=0.5, within=cloth)
    p.lay(
        p.pen().polygon(smooth(at("292,606 440,640 620,640 742,768 600,724 440,680"))), (120, 70, 104), opacity=0.4, blur=12, within=cloth
    )
    wood = p.lay(p.pen().polygon(smooth(hull)), (140, 76, 62), (58, 32, 54))
    planks = p.pen()
    for dy in (12, 26, 40):
        planks.line([(x, y + dy) for x, y in smooth(hull[:5], False)], 2)
    p.lay(planks, (40, 22, 44), opacity=0.5, within=wood)
    p.lay(p.pen().line(smooth(at("246,796 350,822 520,834 690,818 842,766"), False), 7), (220, 150, 96))
    crew = p.pen()
    person(crew, 372, 832, 104)
    person(crew, 448, 838, 70)
    crew.line(at("372,768 398,752 424,714"), 7)
    p.lay(crew, (34, 24, 54))
    p.lay(p.pen().line([(662, 830), (662, 790)], 4), (54, 32, 52))
    p.glow(660, 800, 80, (255, 206, 120), 0.9)
    p.lay(p.pen().ellipse(660, 802, 7), CREAM)
    chance, ripple = dice(115), p.pen()
    for _ in range(90):
        ripple.ellipse(
            540 + chance.gauss(0, 220),
            905 + abs(chance.gauss(0, 46)),
            chance.uniform(14, 70),
            chance.uniform(1, 2.6),
            ink=chance.randint(60, 190),
        )
    p.lay(ripple, (206, 170, 160), opacity=0.55)
    p.save("dhow.jpg", 7, 1200)


def bowl() -> None:
    """Draw a tea bowl that was broken and mended with gold."""
    p = Picture(1200, 1200, [(238, 222, 196), (228, 204, 172)])
    p.lay(p.pen().ellipse(600, 440, 372), (206, 92, 78), (226, 124, 92), shadow=4)
    p.lay(p.pen().box(-10, 880, 1210, 1210), (92, 66, 72), (62, 44, 62), shadow=10)
    grains = p.pen()
    for i in range(9):
        y = 905 + i * i * 3.6 + i * 10
        grains.line([(x, y + 5 * math.sin(x / 170 + i * 1.9) + 2 * math.sin(x / 61 + i)) for x in range(-10, 1220, 10)], 1.2 + i * 0.16)
    p.lay(grains, (132, 96, 92), opacity=0.45)
    p.lay(p.pen().ellipse(640, 950, 330, 44), (26, 16, 34), opacity=0.6, blur=16)
    outline = smooth(at("292,520 300,640 340,770 418,866 500,906 700,906 786,864 862,768 900,640 910,520"), False)
    p.lay(p.pen().polygon(at("488,890 712,890 700,956 500,956")), (58, 44, 58), (40, 28, 44))
    body = p.lay(p.pen().polygon([*outline, (910, 512), (292, 512)]), (62, 92, 100), (44, 66, 84))
    p.lay(
        p.pen().polygon(smooth(at("330,480 320,640 380,800 470,890 430,700 430,480"))), (140, 182, 178), opacity=0.55, blur=34, within=body
    )
    p.lay(p.pen().polygon(smooth(at("960,470 960,960 560,960 760,840 840,640"))), (12, 18, 44), opacity=0.6, blur=44, within=body)
    drip = (
        [(280, 500)]
        + [(292 + i * 52, y) for i, y in enumerate((640, 690, 668, 742, 700, 660, 724, 776, 716, 680, 640, 690, 630))]
        + [(930, 500)]
    )
    glaze = p.lay(p.pen().polygon(smooth(drip, False)), (232, 222, 200), (176, 190, 180), within=body, opacity=0.9)
    p.lay(p.pen().polygon(smooth(at("960,470 960,900 700,900 800,700 840,470"))), (40, 44, 70), opacity=0.42, blur=36, within=glaze)
    speck, chance = p.pen(), dice(121)
    for _ in range(200):
        speck.ellipse(chance.uniform(292, 910), chance.uniform(530, 900), chance.uniform(0.8, 2.6), ink=chance.randint(60, 220))
    p.lay(speck, (74, 48, 48), opacity=0.5, within=body)
    p.lay(p.pen().ellipse(601, 514, 310, 66), (246, 236, 214), (204, 204, 190), shadow=3)
    inside = p.lay(p.pen().ellipse(601, 518, 292, 55), (70, 76, 88), (120, 128, 122))
    p.lay(p.pen().ellipse(601, 540, 272, 44), (120, 154, 84), (158, 184, 98), within=inside)
    foam = p.pen()
    for _ in range(120):
        foam.ellipse(chance.gauss(580, 110), chance.gauss(546, 12), chance.uniform(2, 9), chance.uniform(1, 3), ink=chance.randint(80, 220))
    p.lay(foam, (206, 220, 148), opacity=0.7, within=inside)
    seams = p.pen()
    for points in (
        at("420,566 440,620 424,676 470,730 520,752 560,820 548,900"),
        at("470,730 420,770 372,800"),
        at("520,752 600,730 672,744 730,690 790,680 846,610 912,596"),
        at("730,690 720,620 742,572"),
    ):
        seams.line(smooth(points, False), 9)
    seams.ellipse(470, 730, 11).ellipse(521, 752, 12).ellipse(730, 690, 11)
    p.lay(seams, (255, 222, 130), (206, 144, 62), shadow=3, within=body)
    for x, lean in ((520, -1), (610, 1), (690, -1)):
        steam = [(x + lean * 26 * math.sin((500 - y) / 62), y) for y in range(500, 210, -6)]
        p.lay(p.pen().line(steam, 13), (255, 246, 232), opacity=0.4, blur=9)
    p.save("bowl.jpg", 8, 1000)


def observatory() -> None:
    """Draw an observatory under the trails of the stars."""
    p = Picture(1067, 1600, [(12, 16, 54), (26, 40, 98), (62, 74, 136), (168, 118, 140), (244, 178, 132)], [0, 0.35, 0.6, 0.75, 0.84])
    cx, cy, chance = 500, 520, dice(131)
    for colour, count in (((255, 244, 220), 120), ((170, 200, 240), 110), ((250, 200, 150), 60)):
        trails = p.pen()
        for _ in range(count):
            radius, start = 1010 * chance.random() ** 0.75 + 14, chance.uniform(0, 360)
            trails.arc(cx, cy, radius, start, start + 32, chance.uniform(0.9, 2.6), ink=chance.randint(70, 240))
        p.lay(trails, colour, opacity=0.85)
    p.glow(cx, cy, 60, (220, 230, 255), 0.7)
    p.lay(p.pen().ellipse(cx, cy, 4.4), (255, 255, 246))
    for seed, base, height, length, colours in (
        (132, 1230, 80, 260, ((104, 86, 138), (188, 126, 142))),
        (133, 1300, 90, 300, ((66, 62, 116), (124, 90, 130))),
        (134, 1390, 60, 340, ((42, 46, 94), (66, 60, 106))),
    ):
        p.lay(p.pen().polygon(ground(ridge(seed, 1067, base, height, length, 0.45), 1600)), *colours)
    hill = smooth(at("-60,1640 40,1520 260,1400 470,1316 700,1306 920,1338 1120,1440 1140,1660"))
    p.lay(p.pen().polygon(hill), (36, 36, 78), (14, 16, 44))
    path = smooth(at("560,1322 520,1380 610,1440 520,1510 600,1620"), False)
    p.lay(p.pen().polygon(path + [(x + 26 + (y - 1322) * 0.2, y) for x, y in reversed(path)]), (108, 92, 128), (74, 66, 110))
    wall = p.lay(p.pen().box(420, 1160, 760, 1330), (236, 216, 206), (172, 140, 160))
    p.lay(p.pen().box(660, 1150, 780, 1340), (60, 44, 92), opacity=0.4, blur=18, within=wall)
    dome = p.pen().polygon([(590 + 178 * math.cos(math.radians(a)), 1150 + 186 * math.sin(math.radians(a))) for a in range(180, 361, 2)])
    shell = p.lay(dome, (246, 232, 220), (176, 152, 172))
    p.lay(p.pen().polygon(smooth(at("690,950 790,950 800,1160 700,1160 730,1060"))), (66, 52, 100), opacity=0.5, blur=20, within=shell)
    ribs = p.pen()
    for share in (-0.86, -0.6, 0.5, 0.8):
        ribs.line([(590 + 178 * share * math.cos(math.radians(a)), 1150 - 186 * math.sin(math.radians(a))) for a in range(0, 91, 3)], 2)
    p.lay(ribs, (120, 98, 132), opacity=0.6, within=shell)
    slit = [(590 - 178 * 0.3 * math.cos(math.radians(a)) - 8, 1150 - 186 * math.sin(math.radians(a))) for a in range(0, 91, 3)]
    slit += [(590 + 178 * 0.12 * math.cos(math.radians(a)), 1150 - 186 * math.sin(math.radians(a))) for a in range(90, -1, -3)]
    opening = p.lay(p.pen().polygon(slit), (255, 190, 110), (250, 150, 92), within=shell)
    p.lay(p.pen().polygon(at("520,1010 548,996 600,1120 566,1136")), (40, 34, 74), within=opening)
    p.lay(p.pen().box(404, 1144, 776, 1166, 4), (250, 230, 214), (150, 122, 150))
    p.lay(p.pen().box(560, 1238, 614, 1330, 6), (92, 62, 92), (62, 44, 78))
    p.lay(p.pen().box(458, 1214, 502, 1258, 4).box(672, 1214, 716, 1258, 4), GOLD, AMBER)
    p.lay(p.pen().box(756, 1246, 900, 1344).polygon(at("744,1250 828,1196 912,1250")), (150, 112, 138), (110, 84, 124))
    p.lay(p.pen().box(786, 1270, 814, 1300, 3).box(840, 1270, 868, 1300, 3), GOLD)
    p.glow(544, 1040, 240, (255, 184, 110), 0.5)
    p.glow(690, 1240, 120, GOLD, 0.35)
    trees = p.pen()
    for x, base, height in at("50,1560,250 128,1570,190 196,1540,150 330,1470,90 900,1480,130 960,1530,210 1030,1560,260"):
        spruce(trees, x, base, height)
    p.lay(trees, (16, 20, 50), (8, 10, 30))
    p.lay(p.pen().polygon(ground(ridge(135, 1067, 1556, 14, 300, 0.4), 1600)), (12, 14, 38), (6, 8, 24))
    p.save("observatory.jpg", 9, 720)


def railway() -> None:
    """Draw the mountain railway on its viaduct, early in the morning."""
    p = Picture(1600, 1067, [(96, 160, 188), (176, 206, 204), (252, 226, 184), (255, 206, 158)], [0, 0.32, 0.58, 0.8])
    p.glow(1240, 380, 520, (255, 236, 180), 0.7)
    p.lay(p.pen().ellipse(1240, 380, 62), (255, 248, 220))
    pen = p.pen()
    cloud(pen, 380, 170, 420, 141)
    cloud(pen, 1180, 250, 300, 142)
    p.lay(pen, (255, 246, 226), opacity=0.7, blur=2)
    peaks = [
        ((430, 150), 620, (132, 158, 180), (206, 210, 200)),
        ((820, 240), 520, (116, 148, 172), (200, 206, 198)),
        ((120, 280), 480, (104, 140, 164), (190, 202, 196)),
        ((1480, 230), 560, (110, 146, 168), (214, 206, 190)),
    ]
    for i, ((x, y), half, top, low) in enumerate(peaks):
        chance = dice(143 + i)
        left = [
            (x - half * s + chance.uniform(-16, 16) * (0 < s < 1), y + 560 * s + chance.uniform(-18, 18) * (0 < s < 1))
            for s in [k / 14 for k in range(14, -1, -1)]
        ]
        right = [
            (x + half * s + chance.uniform(-16, 16) * (0 < s < 1), y + 560 * s + chance.uniform(-18, 18) * (0 < s < 1))
            for s in [k / 14 for k in range(1, 15)]
        ]
        mountain = p.lay(p.pen().polygon(left + right), top, low)
        snow = [q for q in left if q[1] < y + 190] + [q for q in right if q[1] < y + 170]
        zig = [
            (snow[-1][0] - k * (snow[-1][0] - snow[0][0]) / 9, y + 180 + (-34 if k % 2 else 26) + chance.uniform(-12, 12))
            for k in range(1, 9)
        ]
        p.lay(p.pen().polygon(snow + zig), (255, 250, 240), (236, 234, 228), within=mountain)
        shade = [(x, y), *right, (x + half * 0.2, y + 560), (x + 60, y + 330), (x - 20, y + 170)]
        p.lay(p.pen().polygon(shade), (70, 92, 136), opacity=0.3, within=mountain)
    for seed, base, height, length, colours in (
        (150, 640, 60, 360, ((112, 152, 152), (196, 204, 182))),
        (151, 730, 70, 300, ((72, 124, 126), (150, 178, 158))),
    ):
        p.lay(p.pen().polygon(ground(ridge(seed, 1600, base, height, length, 0.4), 1067)), *colours)
    for y, opacity in ((690, 0.5), (800, 0.55)):
        mist, chance = p.pen(), dice(y)
        for _ in range(16):
            mist.ellipse(chance.uniform(0, 1600), y + chance.uniform(-24, 24), chance.uniform(120, 320), chance.uniform(12, 34))
        p.lay(mist, (255, 244, 222), opacity=opacity, blur=16)
    deck, pier = 640, p.pen()
    pier.box(-10, deck, 1610, deck + 62)
    for x in range(-70, 1700, 170):
        pier.polygon([(x - 20, deck + 40), (x + 20, deck + 40), (x + 30, 1080), (x - 30, 1080)])
        pier.box(x - 85, deck + 30, x + 85, deck + 170)
    for x in range(-70, 1700, 170):
        pier.box(x + 22, deck + 66, x + 148, 1080, 62, ink=0)
        pier.box(x + 22, deck + 200, x + 148, 1080, ink=0)
    stone = p.lay(pier, (240, 206, 168), (176, 136, 130), shadow=8)
    courses = p.pen()
    for y in range(deck + 30, 1080, 26):
        courses.line([(-10, y), (1610, y)], 1.2)
    for x in range(-70, 1700, 170):
        courses.box(x + 8, deck + 118, x + 24, 1080, ink=80)
    p.lay(courses, (110, 76, 96), opacity=0.45, within=stone)
    p.lay(p.pen().box(-10, deck - 8, 1610, deck + 12, 2), (252, 226, 190), (206, 164, 146), shadow=5)
    fence = p.pen().line([(-10, deck - 30), (1610, deck - 30)], 2)
    for x in range(0, 1600, 34):
        fence.line([(x, deck - 30), (x, deck - 4)], 2)
    for i in range(3):
        left = 470 + i * 232
        p.lay(p.pen().box(left, deck - 116, left + 222, deck - 18, 16), (212, 72, 62), (160, 44, 52), shadow=7)
        p.lay(p.pen().box(left - 4, deck - 126, left + 226, deck - 108, 8), (250, 232, 204), (200, 170, 150))
        p.lay(p.pen().box(left, deck - 52, left + 222, deck - 44), GOLD)
        panes = p.pen()
        for k in range(4):
            panes.box(left + 18 + k * 49, deck - 100, left + 56 + k * 49, deck - 62, 5)
        p.lay(panes, (255, 238, 190), (150, 196, 200))
        wheels = p.pen()
        for k in (36, 78, 144, 186):
            wheels.ellipse(left + k, deck - 16, 11)
        p.lay(wheels, (48, 40, 62))
    p.lay(p.pen().box(688, deck - 40, 706, deck - 28).box(920, deck - 40, 938, deck - 28), (48, 40, 62))
    p.glow(1158, deck - 34, 70, (255, 240, 190), 0.9)
    p.lay(fence, (96, 70, 92))
    for row, (base, tall, colours) in enumerate(((980, 170, ((60, 110, 110), (90, 134, 122))), (1080, 230, ((26, 66, 76), (16, 44, 60))))):
        chance, trees, x = dice(160 + row), p.pen(), -20.0
        if not row:
            trees.polygon([(-10, 1080), (-10, 966), *((x, 966 + 40 * math.sin(x / 300)) for x in range(0, 1620, 20)), (1610, 1080)])
        while x < 1640:
            dip = 150 * math.exp(-(((x - 800) / 420) ** 2)) if row else 40 * math.sin(x / 300)
            spruce(trees, x, base + dip, tall * chance.uniform(0.6, 1.15))
            x += chance.uniform(26, 64)
        p.lay(trees, *colours)
    p.save("railway.jpg", 10, 1200)


def parasol(p: Picture, x: float, y: float, radius: float, colours: tuple[Colour, Colour], turn: float, panels: int = 12) -> None:
    """Lay a striped parasol, seen from above."""
    rim = [
        (
            x + radius * (1 if k % 2 else 0.95) * math.cos(turn + k * math.pi / panels),
            y + radius * (1 if k % 2 else 0.95) * math.sin(turn + k * math.pi / panels),
        )
        for k in range(2 * panels)
    ]
    whole = p.lay(p.pen().polygon(rim), colours[0], shadow=26)
    wedges, creases = p.pen(), p.pen()
    for k in range(panels):
        a, b = (turn + (2 * k + side) * math.pi / panels for side in (0, 2))
        if k % 2:
            wedges.polygon(
                [
                    (x, y),
                    (x + 2 * radius * math.cos(a), y + 2 * radius * math.sin(a)),
                    (x + 2 * radius * math.cos(b), y + 2 * radius * math.sin(b)),
                ]
            )
        creases.line([(x, y), (x + radius * math.cos(a), y + radius * math.sin(a))], 1.6)
    p.lay(wedges, colours[1], within=whole)
    p.lay(
        p.pen().polygon([(x, y), *((x + 2 * radius * math.cos(t / 10), y + 2 * radius * math.sin(t / 10)) for t in range(-6, 21))]),
        (60, 30, 70),
        opacity=0.2,
        blur=3,
        within=whole,
    )
    p.lay(creases, (60, 40, 70), opacity=0.35, within=whole)
    p.lay(p.pen().ellipse(x, y, radius * 0.1), GOLD, AMBER, shadow=4)


def crate(p: Picture, x: float, y: float, columns: int, rows: int, fruit: Colour, size: float = 26, seed: int = 0) -> None:
    """Lay a crate of round fruit, seen from above."""
    width, height, chance = columns * size + 12, rows * size + 12, dice(seed)
    p.lay(p.pen().box(x, y, x + width, y + height, 4), (186, 138, 96), (160, 112, 84), shadow=9)
    p.lay(p.pen().box(x + 5, y + 5, x + width - 5, y + height - 5, 3), (104, 68, 66))
    fruits, lights = p.pen(), p.pen()
    for c in range(columns):
        for r in range(rows):
            fx, fy = x + 6 + (c + 0.5) * size + chance.uniform(-1.5, 1.5), y + 6 + (r + 0.5) * size + chance.uniform(-1.5, 1.5)
            fruits.ellipse(fx, fy, size * 0.46)
            lights.ellipse(fx - size * 0.13, fy - size * 0.15, size * 0.15)
    p.lay(fruits, fruit, mix(fruit, PLUM, 0.18), shadow=3)
    p.lay(lights, mix(fruit, CREAM, 0.7), opacity=0.8)


def market() -> None:
    """Draw the market square from above."""
    p = Picture(1200, 1200, [(236, 214, 180), (226, 196, 164)])
    cobbles, chance = p.pen(), dice(171)
    for row in range(42):
        for column in range(42):
            x, y = column * 30 + (row % 2) * 15 - 10, row * 29 - 4
            cobbles.box(x - 12 + chance.uniform(-1, 1), y - 11, x + 12 + chance.uniform(-1, 1), y + 11, 7, ink=chance.randint(40, 255))
    p.lay(cobbles, (250, 232, 204), (244, 218, 186), opacity=0.62)
    fruits = [(226, 84, 66), (242, 150, 60), (250, 200, 84), (122, 160, 84), (150, 70, 110), (216, 196, 96), (60, 116, 96)]
    tables = at("70,130,3,12,0 470,60,10,3,2 860,250,10,3,4 150,640,10,3,1 560,520,3,9,3 860,640,9,3,6 380,980,10,3,5 960,900,3,8,0")
    for i, (x, y, columns, rows, first) in enumerate(tables):
        p.lay(p.pen().box(x - 14, y - 14, x + columns * 28 + 34, y + rows * 28 + 40, 5), (250, 240, 222), (236, 216, 200), shadow=16)
        if columns > rows:
            for k in range(columns // 3):
                crate(p, x + k * 94, y, 3, rows, fruits[(first + k) % 7], 26, 172 + i * 7 + k)
        else:
            for k in range(rows // 3):
                crate(p, x, y + k * 94, columns, 3, fruits[(first + k) % 7], 26, 172 + i * 7 + k)
    cloths = [
        ((214, 76, 68), (255, 240, 214)),
        ((44, 112, 126), (250, 232, 200)),
        ((246, 180, 84), (255, 244, 220)),
        ((70, 60, 116), (240, 206, 190)),
        ((226, 124, 100), (252, 226, 196)),
        ((84, 140, 112), (250, 240, 216)),
    ]
    spots = at(
        "250,250,158 690,210,150 1080,160,130 250,830,165 640,760,150 1050,560,140 640,1120,140 960,1010,150 60,1130,120 420,540,112"
    )
    for i, (x, y, radius) in enumerate(spots):
        parasol(p, x, y, radius, cloths[i % 6], 0.3 + i * 0.4, (12, 10, 14, 12)[i % 4])
    hats = [(250, 222, 160), (206, 84, 76), (50, 66, 112), (240, 236, 220), (96, 140, 130)]
    coats = [(56, 62, 104), (150, 62, 70), (232, 180, 120), (66, 110, 116), (120, 76, 110)]
    for i, (x, y) in enumerate(
        at("470,330 520,372 860,420 455,700 470,780 820,850 820,560 140,520 1140,770 330,1080 760,400 900,140 1120,420 60,960 480,900")
    ):
        turn = chance.uniform(0, math.pi)
        shoulders = [
            (
                x + 27 * math.cos(t / 8) * math.cos(turn) - 13 * math.sin(t / 8) * math.sin(turn),
                y + 27 * math.cos(t / 8) * math.sin(turn) + 13 * math.sin(t / 8) * math.cos(turn),
            )
            for t in range(51)
        ]
        p.lay(p.pen().polygon(shoulders), coats[i % 5], shadow=12)
        p.lay(p.pen().ellipse(x, y, 17), hats[(i * 2) % 5], shadow=5)
        p.lay(p.pen().ellipse(x, y, 9.5), mix(hats[(i * 2) % 5], INK, 0.16))
    p.save("market.jpg", 11, 800)


def bells() -> None:
    """Draw six bells as notes on a stave of ropes."""
    p = Picture(1200, 1200, [(252, 238, 212), (246, 214, 176)])
    for radius, colour in ((560, (250, 226, 190)), (430, (248, 212, 168)), (310, (246, 196, 146))):
        p.lay(p.pen().ellipse(600, 600, radius), colour, shadow=8)
    for i in range(5):
        y = 400 + i * 100
        rope = [(x, y + 7 * math.sin(x / 210 + i * 0.9)) for x in range(-10, 1220, 8)]
        p.lay(p.pen().line(rope, 9), (120, 82, 82), (84, 56, 74), shadow=9)
        twist = p.pen()
        for x in range(-10, 1220, 16):
            centre = y + 7 * math.sin(x / 210 + i * 0.9)
            twist.line([(x - 4, centre + 4), (x + 5, centre - 4)], 2)
        p.lay(twist, (206, 160, 130), opacity=0.7)
    for i, (x, y) in enumerate(at("150,350 330,425 510,500 690,575 870,650 1050,725")):
        s = 0.74 + i * 0.078
        profile = at("-14,-92 -46,-78 -60,-30 -68,30 -88,72 -104,92")
        outline = smooth([(x + dx * s, y + dy * s) for dx, dy in profile], False)
        outline += [(2 * x - px, py) for px, py in reversed(outline)]
        p.lay(p.pen().ellipse(x + 14 * s * (-1) ** i, y + 104 * s, 20 * s), (96, 60, 56), (60, 38, 52), shadow=7)
        p.lay(p.pen().box(x - 24 * s, y - 122 * s, x + 24 * s, y - 80 * s, 9 * s), (84, 56, 74), shadow=8)
        metal = p.lay(p.pen().polygon(outline), (236, 178, 92), (178, 106, 62), shadow=18)
        p.lay(
            p.pen().polygon([(x + dx * s, y + dy * s) for dx, dy in ((20, -100), (110, -100), (120, 110), (52, 110), (30, 0))]),
            (96, 44, 62),
            opacity=0.45,
            blur=9,
            within=metal,
        )
        p.lay(
            p.pen().polygon([(x + dx * s, y + dy * s) for dx, dy in ((-40, -70), (-26, -76), (-36, 60), (-62, 66))]),
            (255, 236, 180),
            opacity=0.8,
            blur=5,
            within=metal,
        )
        bands = p.pen().box(x - 140 * s, y + 60 * s, x + 140 * s, y + 65 * s).box(x - 140 * s, y - 44 * s, x + 140 * s, y - 40 * s)
        p.lay(bands.box(x - 140 * s, y + 71 * s, x + 140 * s, y + 73 * s), (120, 66, 54), opacity=0.8, within=metal)
    p.save("bells.jpg", 12, 800)


def bridge() -> None:
    """Draw the postwoman on a footbridge in the mountains."""
    p = Picture(1600, 1067, [(120, 172, 184), (206, 220, 200), (255, 232, 188), (255, 214, 160)], [0, 0.35, 0.6, 0.8])
    p.glow(1180, 260, 460, (255, 240, 190), 0.7)
    p.lay(p.pen().ellipse(1180, 260, 70), (255, 246, 214))
    for i, (seed, base, height, length) in enumerate(
        [(181, 400, 150, 300), (182, 520, 120, 340), (183, 640, 90, 300), (184, 760, 70, 380), (185, 900, 50, 420)]
    ):
        colour = mix((150, 186, 188), (44, 112, 112), i / 4)
        p.lay(
            p.pen().polygon(ground(ridge(seed, 1600, base, height, length, 0.5 if i < 2 else 0.36), 1067)),
            mix(colour, CREAM, 0.08),
            mix(colour, CREAM, 0.34 - i * 0.05),
        )
        if i in (0, 2, 3):
            mist, chance = p.pen(), dice(186 + i)
            for _ in range(12):
                mist.ellipse(
                    chance.uniform(0, 1600), base + 110 + chance.uniform(-20, 20), chance.uniform(140, 320), chance.uniform(12, 30)
                )
            p.lay(mist, (255, 246, 224), opacity=0.45, blur=16)
    river = smooth(at("760,1080 800,1010 770,960 812,918 800,890"), False) + smooth(at("812,890 834,918 820,960 890,1010 920,1080"), False)
    p.lay(p.pen().polygon(river), (226, 240, 226), (170, 208, 206))
    for side in (0, 1):
        flip = (lambda x: 1600 - x) if side else (lambda x: x)
        cliff = smooth(at("-60,470 60,482 190,520 290,560 330,640 300,740 390,860 380,960 470,1100 -60,1100"))
        rock = p.lay(p.pen().polygon([(flip(x), y + side * 30) for x, y in cliff]), (64, 112, 96), (24, 58, 66), shadow=14)
        for k in range(5):
            step = p.pen().polygon(
                [
                    (flip(-60), 590 + k * 96 + side * 30),
                    *((flip(x), 590 + k * 96 + side * 30 + 12 * math.sin(x / 60 + k)) for x in range(0, 420, 12)),
                    (flip(420), 640 + k * 96),
                    (flip(-60), 640 + k * 96),
                ]
            )
            p.lay(step, (128, 162, 104), (44, 92, 86), opacity=0.5, within=rock)
    sag = [(x, 556 + side + 128 * (1 - ((x - 800) / 545) ** 2)) for side in (0,) for x in range(255, 1346, 5)]
    upper = [(x, y - 74 - 30 * abs((x - 800) / 545)) for x, y in sag]
    ropes = p.pen().line(upper, 4)
    for a, b in list(zip(sag, upper, strict=True))[::6]:
        ropes.line([a, b], 1.8)
    p.lay(ropes, (70, 52, 72))
    p.lay(p.pen().line([(x, y + 4) for x, y in sag], 11), (126, 82, 74))
    slats = p.pen()
    for x, y in sag[::3]:
        slats.box(x - 2, y - 3, x + 2, y + 11)
    p.lay(slats, (70, 44, 60), opacity=0.6)
    flags, shades = [p.pen() for _ in range(5)], [(206, 76, 70), (250, 206, 110), (70, 130, 150), (252, 244, 226), (84, 146, 104)]
    for k, (x, y) in enumerate(upper[4::7]):
        flags[k % 5].polygon([(x - 11, y + 1), (x + 11, y + 1), (x + 9, y + 26), (x - 13, y + 24)])
    for pen, colour in zip(flags, shades, strict=True):
        p.lay(pen, colour, mix(colour, INK, 0.12), shadow=3)
    for x, base in ((262, 590), (1338, 600)):
        p.lay(
            p.pen().box(x - 13, base - 152, x + 13, base, 3).box(x - 26, base - 160, x + 26, base - 144, 3),
            (156, 104, 84),
            (96, 60, 66),
            shadow=8,
        )
    x, base, s = 700, 682, 1.0
    legs = p.pen().polygon(placed("-12,-66 12,-66 30,-2 18,-2", x, base)).polygon(placed("-12,-66 12,-66 -14,-2 -27,-2", x, base))
    p.lay(legs, (44, 36, 66))
    p.lay(
        p.pen().polygon(smooth(placed("-16,-124 14,-126 20,-90 24,-50 -22,-50 -18,-90", x, base))),
        (210, 70, 66),
        (160, 46, 62),
    )
    p.lay(p.pen().line(placed("6,-114 26,-92 44,-100", x, base), 10 * s), (190, 58, 62))
    p.lay(p.pen().box(x - 52, base - 122, x - 10, base - 62, 10), (232, 176, 96), (190, 124, 74), shadow=4)
    p.lay(p.pen().box(x - 52, base - 104, x - 10, base - 98), (120, 74, 62))
    p.lay(p.pen().ellipse(x + 4, base - 144, 17), (176, 116, 90))
    p.lay(
        p.pen().polygon(smooth(placed("-16,-146 -8,-166 12,-168 20,-152 36,-148 18,-144", x, base))),
        (44, 60, 104),
    )
    p.lay(p.pen().line([(x + 44, base - 104), (x + 52, base - 2)], 3), (84, 56, 62))
    trees = p.pen()
    for tx, ty, height in ((40, 520, 150), (104, 530, 110), (1510, 545, 130), (1572, 530, 170), (150, 545, 80)):
        spruce(trees, tx, ty, height)
    p.lay(trees, (26, 66, 72))
    birds = p.pen()
    for bx, by, span in ((520, 220, 30), (590, 262, 20), (456, 286, 17)):
        gull(birds, bx, by, span, span * 0.12)
    p.lay(birds, (60, 74, 96))
    p.save("bridge.jpg", 13, 1200)


def steamer() -> None:
    """Engrave the mail steamer of 1911, in lines as in a newspaper of that time."""
    p = Picture(1500, 1000, [(120, 120, 120), (190, 190, 190), (240, 240, 240)], [0, 0.45, 0.62])
    pen = p.pen()
    for seed, (x, y, width) in enumerate([(340, 160, 460), (1150, 110, 420), (760, 330, 560)], 191):
        cloud(pen, x, y, width, seed)
    p.lay(pen, (226, 226, 226), opacity=0.8, blur=6)
    p.lay(p.pen().polygon(ground(ridge(194, 1500, 596, 40, 240, 0.45), 625)), (150, 150, 150), (190, 190, 190))
    p.lay(p.pen().box(160, 500, 186, 596).polygon(at("154,502 173,474 192,502")), (90, 90, 90))
    p.lay(p.pen().box(-5, 615, 1505, 1005), (208, 208, 208), (120, 120, 120), (60, 60, 60))
    chance = dice(195)
    for i in range(46):
        share = i / 45
        x, y = 760 - 560 * share, 250 - 90 * share + 24 * math.sin(share * 9)
        p.lay(
            p.pen().ellipse(x, y + chance.uniform(-20, 20), 26 + 74 * share, 20 + 46 * share),
            mix((20, 20, 20), (120, 120, 120), share),
            opacity=0.5,
            blur=9,
        )
    bow, stern = smooth(at("1392,568 1372,620 1344,690 1300,718"), False), smooth(at("400,718 356,700 330,650 300,596"), False)
    p.lay(p.pen().polygon([*bow, *stern, (700, 602), (1150, 594)]), (40, 40, 40), (16, 16, 16))
    p.lay(p.pen().line(at("302,602 700,609 1150,601 1386,576"), 6), (235, 235, 235))
    p.lay(p.pen().line([(350, 688), (1340, 688)], 5), (190, 190, 190))
    p.lay(p.pen().box(470, 520, 1120, 592).box(560, 468, 1020, 522).box(900, 420, 1010, 470), (225, 225, 225), (165, 165, 165))
    edges = p.pen().line(at("470,594 470,520 560,520 560,468 900,468 900,420 1010,420 1010,468 1020,468 1020,520 1120,520 1120,592"), 4)
    p.lay(
        edges.line([(470, 522), (1120, 522)], 4)
        .line([(560, 470), (1020, 470)], 4)
        .line([(890, 418), (1020, 418)], 6)
        .line(at("160,596 160,502 173,474 186,502 186,596"), 3),
        (16, 16, 16),
    )
    ports = p.pen()
    for x in range(490, 1110, 38):
        ports.ellipse(x, 556, 8)
    for x in range(580, 1010, 34):
        ports.box(x - 7, 484, x + 9, 506)
    for x in range(916, 1000, 22):
        ports.box(x - 6, 434, x + 8, 454)
    for x in range(400, 1310, 46):
        ports.ellipse(x, 634, 6)
    p.lay(ports, (30, 30, 30))
    p.lay(p.pen().polygon(at("730,470 740,250 812,250 822,470")), (150, 150, 150), (90, 90, 90))
    p.lay(p.pen().polygon(at("738,290 742,248 810,248 814,290")), (24, 24, 24))
    rig = p.pen().line([(430, 600), (410, 200)], 9).line([(1200, 590), (1190, 190)], 9)
    for a, b in (
        ((410, 210), (320, 594)),
        ((410, 210), (560, 520)),
        ((1190, 200), (1376, 572)),
        ((1190, 200), (1010, 470)),
        ((410, 205), (1190, 195)),
    ):
        rig.line([a, b], 2.4)
    p.lay(rig, (20, 20, 20))
    p.lay(p.pen().polygon(at("1190,196 1120,206 1124,240 1190,232")), (70, 70, 70))
    foam = p.pen()
    for _ in range(150):
        foam.ellipse(340 + 1060 * chance.random(), 716 + abs(chance.gauss(0, 12)), chance.uniform(10, 60), chance.uniform(1.5, 5))
    for _ in range(110):
        foam.ellipse(chance.uniform(0, 1500), 740 + 250 * chance.random(), chance.uniform(30, 120), chance.uniform(1, 3.4), ink=150)
    p.lay(foam, (245, 245, 245))
    engrave(p, "steamer.png")


def engrave(p: Picture, name: str) -> None:
    """Turn a picture into one of ink and paper: lines that swell where it is dark."""
    size, fine, cycle = (1200, 800), 4, 20
    big = (size[0] * fine, size[1] * fine)
    grey = p.image.convert("L").filter(ImageFilter.GaussianBlur(1)).resize(big, Image.Resampling.BICUBIC)
    swell = bytes(round(250 * abs(y % cycle / cycle * 2 - 1)) for y in range(big[1] + 8 * cycle))
    column = Image.frombytes("L", (1, len(swell)), swell)
    screen = Image.new("L", big)
    for x in range(0, big[0], 4):
        shift = 3 * cycle + round(44 * math.sin(x / 520))
        screen.paste(column.crop((0, shift, 1, shift + big[1])).resize((4, big[1])), (x, 0))
    ink = ImageChops.subtract(grey, screen, 1, 128).point(lambda value: 255 if value > 128 else 0).reduce(fine)
    paper, black = Image.new("RGB", size, (244, 232, 206)), Image.new("RGB", size, (44, 36, 40))
    Image.composite(paper, black, ink).quantize(8, dither=Image.Dither.NONE).save(MEDIA / name, optimize=True)


def whale() -> None:
    """Draw a humpback whale under a small boat."""
    p = Picture(
        1600,
        1067,
        [(255, 214, 160), (250, 230, 196), (150, 206, 204), (40, 132, 150), (20, 82, 122), (14, 42, 88), (10, 22, 56)],
        [0, 0.22, 0.2601, 0.4, 0.6, 0.82, 1],
    )
    p.image.paste(gradient((1600, 282), [(252, 176, 132), (255, 214, 160), (255, 240, 206)]), (0, 0))
    p.lay(p.pen().ellipse(1160, 226, 96), (255, 246, 214), opacity=0.95)
    p.glow(1160, 226, 330, (255, 226, 160), 0.6)
    p.lay(p.pen().polygon(ground(ridge(201, 1600, 262, 40, 320, 0.4), 290)), (226, 150, 140), (250, 190, 150), opacity=0.8)
    water = p.pen().polygon(ground([(x, 282 + 5 * math.sin(x / 74) + 3 * math.sin(x / 31 + 1)) for x in range(-10, 1620, 6)], 1067))
    sea = p.lay(water, (112, 190, 190), (40, 132, 150), (22, 88, 126), (14, 50, 96), (10, 24, 60))
    rays = p.pen()
    for x, width, lean in ((980, 60, -260), (1100, 90, -120), (1210, 70, 40), (1300, 50, 190), (860, 40, -330)):
        rays.polygon([(x, 286), (x + width, 286), (x + width + lean + 110, 1000), (x + lean - 40, 1000)], ink=120)
    p.lay(rays, (220, 246, 226), opacity=0.3, blur=22, within=sea)
    p.lay(
        p.pen().line([(x, 282 + 5 * math.sin(x / 74) + 3 * math.sin(x / 31 + 1)) for x in range(-10, 1620, 6)], 5),
        (232, 250, 236),
        opacity=0.8,
    )
    back = at("318,640 400,560 540,506 720,492 880,520 1010,570 1120,600 1230,600")
    belly = at("1230,640 1110,668 980,716 840,756 690,768 540,752 420,716 340,684")
    body = smooth([*back, *belly])
    tail = smooth(at("1190,600 1270,580 1340,510 1440,470 1410,540 1376,590 1412,640 1450,720 1360,690 1280,648 1190,642"))
    skin = p.lay(p.pen().polygon(body).polygon(tail).polygon(at("920,532 966,498 1000,560")), (48, 84, 122), (18, 36, 76), shadow=16)
    pale = p.lay(
        p.pen().polygon(smooth(at("300,676 430,672 600,690 780,700 900,730 760,800 500,800 320,730"))),
        (214, 226, 222),
        (140, 170, 186),
        within=skin,
    )
    grooves = p.pen()
    for i in range(7):
        grooves.line(smooth([(318, 686 + i * 9), (460, 690 + i * 12), (640, 702 + i * 12), (820, 716 + i * 10)], False), 2.4)
    p.lay(grooves, (60, 92, 126), opacity=0.7, within=pale)
    p.lay(
        p.pen().polygon(smooth(at("380,570 540,514 740,500 900,530 760,540 560,552"))), (120, 176, 190), opacity=0.5, blur=14, within=skin
    )
    fin = p.lay(
        p.pen().polygon(smooth(at("560,700 640,706 690,780 760,880 790,960 720,930 640,850 580,770"))),
        (40, 70, 110),
        (190, 208, 210),
        shadow=16,
    )
    knobs = p.pen()
    for x, y in ((588, 772), (622, 822), (664, 868), (708, 912)):
        knobs.ellipse(x, y, 9)
    p.lay(knobs, (30, 56, 96), opacity=0.8, within=fin)
    p.lay(p.pen().line(smooth(at("322,660 400,656 470,664 520,690"), False), 3), (12, 26, 60))
    p.lay(p.pen().ellipse(532, 664, 8), (8, 16, 40))
    p.lay(p.pen().ellipse(530, 661, 2.4), CREAM)
    calf = [(1010 + (x - 318) * 0.3, 800 + (y - 640) * 0.34) for x, y in body]
    calf_tail = [(1010 + (x - 318) * 0.3, 800 + (y - 640) * 0.34) for x, y in tail]
    p.lay(
        p.pen().polygon(calf).polygon(calf_tail).polygon(smooth(at("1084,820 1108,822 1150,890 1110,870"))),
        (46, 84, 124),
        (24, 46, 90),
        shadow=10,
    )
    p.lay(p.pen().polygon(smooth(at("1016,812 1060,812 1120,822 1160,832 1110,846 1050,836"))), (190, 208, 212), opacity=0.75)
    p.lay(p.pen().ellipse(1072, 804, 4), INK)
    bubbles, chance = p.pen(), dice(202)
    for _ in range(70):
        bubbles.ellipse(330 + chance.gauss(0, 30), chance.uniform(300, 640), chance.uniform(1, 5), ink=chance.randint(60, 200))
    for _ in range(260):
        bubbles.ellipse(chance.uniform(0, 1600), chance.uniform(330, 1060), chance.uniform(0.6, 1.8), ink=chance.randint(30, 150))
    p.lay(bubbles, (220, 244, 240), opacity=0.7)
    p.lay(p.pen().polygon(smooth(at("560,262 590,300 680,304 742,296 782,254 680,272"))), (176, 64, 60), (110, 40, 56), shadow=5)
    people = p.pen()
    for x in (626, 676, 722):
        people.ellipse(x, 226, 10).polygon(smooth([(x - 12, 240), (x + 12, 240), (x + 14, 276), (x - 14, 276)]))
    p.lay(people, (44, 40, 74))
    p.lay(p.pen().line(at("700,262 806,300 836,318"), 5).line(at("640,262 560,306 536,322"), 5), (96, 60, 60))
    seabed = p.pen().polygon(ground(ridge(203, 1600, 1010, 30, 300, 0.5), 1067))
    p.lay(seabed, (12, 34, 72), (6, 14, 40))
    p.save("whale.jpg", 14, 1200)


def rope() -> None:
    """Draw a coil of rope, seen from above."""
    p = Picture(1000, 1000, [(58, 112, 122), (32, 76, 100)])
    boards = p.pen()
    for y in range(0, 1000, 125):
        boards.line([(-5, y), (1005, y)], 4)
    p.lay(boards, (18, 50, 76), opacity=0.6)
    p.lay(p.pen().ellipse(500, 500, 418), INK, opacity=0.5, blur=18)
    turns, points = 7.2, []
    for i in range(3000):
        a = i / 3000 * turns * 2 * math.pi
        points.append((500 + (410 - 51 * a / (2 * math.pi)) * math.cos(a), 500 + (410 - 51 * a / (2 * math.pi)) * math.sin(a), a))
    points = [(x, y, a) for x, y, a in points if math.hypot(x - 500, y - 500) > 30]
    p.lay(p.pen().ellipse(500, 500, 340), (92, 58, 56))
    laid = p.pen()
    for x, y, _ in points:
        laid.ellipse(x, y, 24.5)
    p.lay(laid, (226, 186, 130), (196, 148, 104), shadow=6)
    strands, dark, run = p.pen(), p.pen(), 0.0
    for (x, y, _), (nx, ny, a) in itertools.pairwise(points):
        run += math.hypot(nx - x, ny - y)
        if run > 22:
            run = 0
            ox, oy, tx, ty = math.cos(a), math.sin(a), -math.sin(a), math.cos(a)
            for pen, ahead, thick in ((dark, 0, 3), (strands, 5, 4)):
                ends = [
                    (x + across * ox + along * tx, y + across * oy + along * ty) for across, along in ((-20, 9 + ahead), (20, ahead - 9))
                ]
                pen.line(ends, thick)
    p.lay(dark, (112, 70, 58), opacity=0.85)
    p.lay(strands, (255, 230, 180), opacity=0.75)
    edge = p.pen()
    for x, y, a in points:
        edge.ellipse(x + 25 * math.cos(a), y + 25 * math.sin(a), 3)
    p.lay(edge, (70, 44, 52), opacity=0.75, blur=1)
    p.lay(p.pen().box(880, 492, 940, 524, 5), (206, 76, 70), (160, 50, 60), shadow=4)
    p.save("rope.webp", 15, 480)


def ines() -> None:
    """Draw the portrait of the paper's harbour reporter, cut from paper."""
    p = Picture(600, 600, [(246, 196, 140), (238, 150, 116)])
    p.lay(p.pen().ellipse(300, 290, 214), (255, 232, 190), shadow=8)
    p.lay(p.pen().polygon(ground(waves(600, 470, 80, 18, 10), 600)), (70, 140, 146), shadow=10)
    p.lay(
        p.pen().ellipse(226, 176, 62).polygon(smooth(at("190,250 220,150 310,116 392,166 404,260 380,330 230,350"))), (66, 38, 58), shadow=9
    )
    p.lay(p.pen().box(264, 330, 334, 450, 26), (190, 116, 92))
    p.lay(
        p.pen().polygon(smooth(at("238,220 300,176 372,210 384,270 360,340 310,372 262,346 238,290"))),
        (222, 150, 118),
        (206, 128, 104),
        shadow=5,
    )
    p.lay(p.pen().polygon(smooth(at("226,250 240,178 310,146 384,186 392,232 330,204 270,216"))), (66, 38, 58), shadow=4)
    p.lay(p.pen().polygon(smooth(at("70,640 120,470 230,410 300,436 370,410 480,470 530,640"))), (34, 62, 96), (24, 44, 78), shadow=12)
    p.lay(p.pen().polygon(smooth(at("226,408 300,452 374,408 388,444 300,496 212,444"))), (212, 78, 70), (176, 54, 60), shadow=6)
    face = p.pen().line(smooth(at("268,262 280,256 294,262"), False), 5).line(smooth(at("326,262 340,256 354,262"), False), 5)
    face.line(smooth(at("288,326 312,338 338,324"), False), 5).line(smooth(at("312,266 318,296 304,302"), False), 4)
    p.lay(face, (84, 42, 54))
    p.lay(p.pen().ellipse(246, 306, 7), GOLD)
    p.save("ines.jpg", 16, 400)


# --- Numbers --------------------------------------------------------------------------------------------------------

HOURS = ("20:00", "21:00", "22:00", "23:00", "00:00", "01:00", "02:00", "03:00", "04:00", "05:00")
LAMPS_ON = (17.10, 18.62, 19.05, 19.18, 19.24, 19.27, 19.26, 19.20, 19.02, 17.95)
LAMPS_DIMMED = (17.14, 18.71, 19.31, 20.46, 20.74, 20.83, 20.81, 20.66, 19.92, 18.04)
"""Brightness of the sky over the village (magnitudes per square arc second: the larger, the darker)."""


def readings() -> None:
    """Write the readings of the sky as a table, and draw them."""
    with (MEDIA / "readings.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["hour", "lamps_on", "lamps_dimmed"])
        table.writerows((hour, f"{a:.2f}", f"{b:.2f}") for hour, a, b in zip(HOURS, LAMPS_ON, LAMPS_DIMMED, strict=True))
    p = Picture(1200, 750, [(253, 245, 228), (253, 245, 228)])
    left, right, top, bottom = 120, 1130, 90, 640
    spots = {
        name: [(left + i * (right - left) / 9, bottom - (v - 17) / 4 * (bottom - top)) for i, v in enumerate(values)]
        for name, values in (("on", LAMPS_ON), ("dimmed", LAMPS_DIMMED))
    }
    p.lay(p.pen().polygon([*spots["dimmed"], *reversed(spots["on"])]), (246, 200, 130), opacity=0.45)
    grid = p.pen()
    for i in range(5):
        y = bottom - i * (bottom - top) / 4
        grid.line([(left, y), (right, y)], 1.4)
    p.lay(grid, (190, 170, 160))
    for name, colour in (("on", (206, 90, 72)), ("dimmed", (34, 62, 116))):
        dots = p.pen().line(spots[name], 5)
        for x, y in spots[name]:
            dots.ellipse(x, y, 9)
        p.lay(dots, colour)
        inner = p.pen()
        for x, y in spots[name]:
            inner.ellipse(x, y, 4)
        p.lay(inner, CREAM)
    draw, small, large = ImageDraw.Draw(p.image), ImageFont.load_default(24), ImageFont.load_default(27)
    for i in range(5):
        draw.text((left - 22, bottom - i * (bottom - top) / 4), str(17 + i), (84, 72, 92), small, anchor="rm")
    for i, hour in enumerate(HOURS):
        draw.text((left + i * (right - left) / 9, bottom + 32), hour, (84, 72, 92), small, anchor="mm")
    draw.text((left - 60, 42), "Darkness of the sky, magnitudes per square arc second", (84, 72, 92), large, anchor="lm")
    draw.text((690, 188), "lamps dimmed from 22:30", (34, 62, 116), large, anchor="mm")
    draw.text((690, 362), "lamps on all night", (206, 90, 72), large, anchor="mt")
    draw.text(((left + right) / 2, bottom + 76), "Time", (84, 72, 92), small, anchor="mm")
    p.image.quantize(96, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(MEDIA / "readings.png", optimize=True)


# --- Sound and film -------------------------------------------------------------------------------------------------

RATE = 32_000
"""Samples a second."""


def encode(samples: Sequence[float], name: str, *options: str) -> None:
    """Write samples as a recording with one channel, as loud as it goes without breaking."""
    peak = max(abs(value) for value in samples) / 0.86
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder, "raw.wav")
        with wave.open(str(raw), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(b"".join(struct.pack("<h", round(value / peak * 32767)) for value in samples))
        ffmpeg("-i", str(raw), *options, str(MEDIA / name))


def ffmpeg(*arguments: str) -> None:
    """Run ffmpeg so that it writes neither the time nor its own name."""
    exact = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", *arguments[:-1], *exact, arguments[-1]], check=True)  # noqa: S603, S607


def bell(pitch: float, seconds: float) -> list[float]:
    """Return one stroke on a bell: hum, prime, tierce, quint, nominal and what shimmers above them."""
    partials = at("0.5,0.7,2.6 1,1,1.7 1.19,0.75,1.4 1.5,0.35,0.9 2,0.9,1.0 2.51,0.25,0.5 3.02,0.18,0.3 4.1,0.1,0.2")
    out = [0.0] * round(RATE * seconds)
    for ratio, loud, lasting in partials:
        turn = 2 * math.pi * pitch * ratio / RATE
        for i in range(len(out)):
            out[i] += loud * math.exp(-i / RATE / lasting) * math.sin(turn * i)
    fade = round(0.4 * RATE)
    for i in range(fade):
        out[-1 - i] *= i / fade
    return out


def rows_of_plain_hunt(bells: int, count: int) -> list[list[int]]:
    """Return the first rows of plain hunting: in each, neighbours change places."""
    row, rows = list(range(bells)), []
    for i in range(count):
        rows.append(list(row))
        for k in range(i % 2, bells - 1, 2):
            row[k], row[k + 1] = row[k + 1], row[k]
    return rows


def ringing() -> None:
    """Ring six bells: rounds twice, then plain hunting until they are in rounds again."""
    scale = [440 * 2 ** (n / 12) for n in (9, 7, 5, 4, 2, 0)]
    strokes = [bell(pitch, 3.2) for pitch in scale]
    rows = [list(range(6)), *rows_of_plain_hunt(6, 13)]
    gap = 0.16
    out = [0.0] * round(RATE * (len(rows) * (6 * gap) + len(rows) / 2 * gap + 3.2))
    at = 0.05
    for i, row in enumerate(rows):
        for number in row:
            start = round(at * RATE)
            for k, value in enumerate(strokes[number]):
                out[start + k] += value
            at += gap
        at += gap if i % 2 else 0
    encode(
        out[: round((at + 3) * RATE)],
        "six-bells.mp3",
        "-c:a",
        "libmp3lame",
        "-b:a",
        "40k",
        "-ar",
        "24000",
        "-write_xing",
        "0",
        "-id3v2_version",
        "0",
    )


def foghorn() -> None:
    """Sound the foghorn of Tarn Skerry: two long notes, the second lower, with an echo off the cliffs."""
    chance, out = dice(301), [0.0] * (RATE * 9)
    for start, pitch, length in ((0.2, 146.8, 2.6), (3.3, 110.0, 3.2)):
        phase = 0.0
        for i in range(round(length * RATE)):
            t = i / RATE
            swell = min(1, t / 0.35) * min(1, (length - t) / 0.5)
            phase += 2 * math.pi * pitch * (1 - 0.06 * math.exp(-t / 0.2)) / RATE
            tone = sum(math.sin(phase * n + n) / n**0.9 for n in (1, 2, 3, 4, 5, 7))
            out[round(start * RATE) + i] += swell * (tone + 0.06 * chance.uniform(-1, 1))
    for delay, share in ((0.9, 0.3), (1.7, 0.14)):
        shift = round(delay * RATE)
        for i in range(len(out) - 1, shift, -1):
            out[i] += share * out[i - shift]
    encode(out, "foghorn.m4a", "-c:a", "aac", "-b:a", "32k", "-movflags", "+faststart")


def beam() -> None:
    """Film one turn of the beam of Tarn Skerry by night, ten seconds long."""
    width, height, frames, rate = 640, 360, 150, 15
    p = Picture(width, height, [(14, 18, 52), (30, 42, 96), (92, 78, 132)], [0, 0.5, 0.72])
    stars(p, 311, 150, 230, 1)
    p.lay(p.pen().polygon(ground(ridge(312, width, 262, 14, 120, 0.4), 290)), (44, 44, 90))
    p.lay(p.pen().box(-2, 266, 642, 362), (56, 60, 112), (20, 28, 66), (10, 14, 40))
    x, y = 410, 112
    land = p.pen().polygon(smooth(at("240,284 300,258 370,240 430,238 490,256 570,284 400,292")))
    tower = p.pen().polygon(at("396,244 402,124 418,124 424,244")).box(392, 120, 428, 125).polygon(at("398,104 410,92 422,104"))
    with tempfile.TemporaryDirectory() as folder:
        for i in range(frames):
            q = Picture(width, height, [INK, INK])
            q.image.paste(p.image)
            for side in (0, math.pi):
                a = 2 * math.pi * i / frames + side
                toward, reach = math.sin(a), 1500 * math.cos(a)
                spread = 60 + 110 * max(0, toward)
                light = q.pen().polygon([(x, y), (x + reach, y - spread + 24 * toward), (x + reach, y + spread + 46 * toward)])
                q.lay(light, GOLD, opacity=(0.34 + 0.14 * toward) * min(1, 1.5 * abs(math.cos(a))), blur=5)
            q.lay(land, (30, 28, 62), (12, 12, 34))
            q.lay(tower, (236, 216, 206), (150, 120, 144))
            q.lay(q.pen().box(401, 104, 419, 120), (255, 232, 160))
            facing = abs(math.sin(2 * math.pi * i / frames)) ** 6
            q.glow(x, y, 60 + 130 * facing, (255, 226, 160), 0.6 + 0.4 * facing)
            q.image.save(Path(folder, f"{i:03}.png"))
        ffmpeg(
            "-framerate",
            str(rate),
            "-i",
            f"{folder}/%03d.png",
            "-c:v",
            "libx264",
            "-threads",
            "1",
            "-preset",
            "slow",
            "-crf",
            "28",
            "-pix_fmt",
            "yuv420p",
            "-movflags",
            "+faststart",
            str(MEDIA / "beam.mp4"),
        )


WORKS: dict[str, Callable[[], None]] = {
    "lighthouse": lighthouse,
    "lens": lens,
    "harbour": harbour,
    "banner": banner,
    "logo": logo,
    "clock": clock,
    "night-sky": night_sky,
    "dhow": dhow,
    "bowl": bowl,
    "observatory": observatory,
    "railway": railway,
    "market": market,
    "bells": bells,
    "bridge": bridge,
    "steamer": steamer,
    "whale": whale,
    "rope": rope,
    "ines": ines,
    "readings": readings,
    "six-bells": ringing,
    "foghorn": foghorn,
    "beam": beam,
}


def main(names: Sequence[str]) -> None:
    """Make the named works, or all of them."""
    MEDIA.mkdir(parents=True, exist_ok=True)
    for name, work in WORKS.items():
        if not names or name in names:
            work()


if __name__ == "__main__":
    main(sys.argv[1:])
