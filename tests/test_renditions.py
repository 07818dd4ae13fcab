"""Pictures of pages in several sizes and types: which, of which bytes, kept from build to build, and what pages make of them."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import PIL
import pytest
from PIL import Image, ImageCms, ImageDraw

from publisher import build, desk, planning, settings
from publisher.article import Article, Publication
from publisher.article import Image as Picture
from publisher.cli import main
from publisher.files import Folder, Store
from publisher.formats import Target, writer
from publisher.newsstand import encoder, pictures
from publisher.newsstand.encoder import Encoded, Unfit, encode
from publisher.problems import PublisherError, Severity, problem
from publisher.surroundings import Rendition, Surroundings

SITE = "https://lantern.example/"
SEEDS = Path(__file__).parents[1] / "seeds"
SETTINGS = settings.read(b'[publication]\nname = "The Lantern"\nurl = "https://lantern.example/"\nlanguage = "en"\nsince = "2026"\n')[0]


def photograph(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Return a picture with soft changes of colour and sharp edges, the left half red and the right half blue."""
    image = Image.linear_gradient("L").resize((width, height))
    bands = {"RGB": (image, image.rotate(90), image.rotate(180)), "RGBA": (image, image, image, image), "L": (image,)}[mode]
    found = Image.merge(mode, bands)
    draw = ImageDraw.Draw(found)
    if mode == "RGB":
        draw.rectangle((0, 0, width // 2, height // 3), "red")
        draw.rectangle((width // 2, 0, width, height // 3), "blue")
    return found


def saved(image: Image.Image, kind: str = "JPEG", **given: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **({"quality": 95} if kind == "JPEG" else {}), **given)
    return out.getvalue()


def opened(found: Encoded) -> Image.Image:
    return Image.open(BytesIO(found.body))


def widths(found: tuple[Encoded, ...], kind: str) -> list[int]:
    return [each.width for each in found if each.media_type == kind]


def bomb(width: int, height: int) -> bytes:
    """Return a PNG that says to be very large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


# -- what is made ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((479, 300), []),
        ((480, 320), [480]),
        ((512, 512), [480]),
        ((720, 480), [480, 720]),
        ((1200, 800), [480, 960, 1200]),
        ((1600, 1000), [480, 960, 1600]),
        ((2400, 1500), [480, 960, 1600]),
        ((400, 1200), []),
    ],
)
def test_no_picture_is_wider_than_the_original_or_than_a_page(size: tuple[int, int], expected: list[int]) -> None:
    found = encode(saved(photograph(*size)))
    assert widths(found, "image/webp") == expected
    assert widths(found, "image/avif") in (expected, [])


@pytest.mark.parametrize("path", sorted((SEEDS / "media").glob("*.jpg")), ids=lambda path: path.name)
def test_each_has_fewer_bytes_than_the_original_and_than_what_is_larger(path: Path) -> None:
    body = path.read_bytes()
    found = encode(body)
    for kind in ("image/avif", "image/webp"):
        sizes = [len(each.body) for each in found if each.media_type == kind]
        assert sizes == sorted(set(sizes))
        assert all(each < len(body) for each in sizes)
    assert [each.media_type for each in found] == sorted(each.media_type for each in found)


def test_each_is_what_it_says() -> None:
    for each in encode((SEEDS / "media/harbour.jpg").read_bytes()):
        image = opened(each)
        assert (f"image/{(image.format or '').lower()}", image.size) == (each.media_type, (each.width, each.height))


def test_seeds_have_avif_with_fewer_bytes_than_webp() -> None:
    found = encode((SEEDS / "media/market.jpg").read_bytes())
    avif, webp = (sum(len(each.body) for each in found if each.media_type == kind) for kind in ("image/avif", "image/webp"))
    assert 0 < avif < webp


def test_what_moves_is_left_as_it_is() -> None:
    frames = [photograph(600, 400), photograph(600, 400).rotate(180)]
    assert encode(saved(frames[0], "GIF", save_all=True, append_images=frames[1:])) == ()
    assert encode(saved(frames[0], "WEBP", save_all=True, append_images=frames[1:])) == ()


def test_what_is_small_in_bytes_already_is_left_as_it_is() -> None:
    assert encode(saved(photograph(1200, 800), "WEBP", quality=1, method=6)) == ()


def test_what_can_be_seen_through_stays_so() -> None:
    found = encode(saved(photograph(800, 600, "RGBA"), "PNG"))
    assert found
    for each in found:
        low, high = opened(each).convert("RGBA").getchannel("A").getextrema()
        assert (low < 10, high > 245) == (True, True), each.media_type  # type: ignore[operator]


def test_a_picture_that_a_camera_has_turned_is_upright() -> None:
    turned = photograph(1200, 800).rotate(90, expand=True)  # red is below on the left now
    exif = Image.Exif()
    exif[0x0112] = 6
    found = encode(saved(turned, exif=exif))
    assert found
    for each in found:
        image = opened(each).convert("RGB")
        assert image.width > image.height
        red = image.getpixel((each.width // 8, each.height // 8))
        assert isinstance(red, tuple)
        assert red[0] > 200 > 60 > red[2], (each.media_type, red)


def test_nothing_is_told_about_the_picture() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for each in encode(saved(photograph(1200, 800), exif=exif, icc_profile=profile, comment=b"secret")):
        image = opened(each)
        assert not image.getexif()
        assert "icc_profile" not in image.info
        assert b"secret" not in each.body
        assert b"home" not in each.body


def test_colours_of_another_space_become_those_of_srgb() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # A profile in which red and blue are exchanged shows whether it is looked at: the tags of the two are swapped.
    swapped = lab.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")
    plain = photograph(1200, 800)
    for each in encode(saved(plain, icc_profile=swapped)):
        found = opened(each).convert("RGB").getpixel((each.width // 8, each.height // 8))
        assert isinstance(found, tuple)
        assert found[2] > 200 > 60 > found[0], found


@pytest.mark.parametrize("mode", ["L", "CMYK", "P", "1", "I;16"])
def test_pictures_of_every_mode_are_made(mode: str) -> None:
    image = photograph(1200, 800, "L").convert("I;16") if mode == "I;16" else photograph(1200, 800).convert(mode)
    kind = "JPEG" if mode in ("L", "CMYK") else "PNG"
    for each in encode(saved(image, kind)):
        assert opened(each).size == (each.width, each.height)


def test_a_chart_keeps_its_colours_exactly() -> None:
    body = (SEEDS / "media/readings.png").read_bytes()
    largest = [each for each in encode(body) if each.media_type == "image/webp"][-1]
    assert opened(largest).convert("RGB").tobytes() == Image.open(BytesIO(body)).convert("RGB").tobytes()


def test_the_same_bytes_come_out_every_time_also_in_parallel() -> None:
    bodies = [(SEEDS / "media" / name).read_bytes() for name in ("bells.jpg", "readings.png", "lens.jpg")] * 2
    with ThreadPoolExecutor(4) as threads, ProcessPoolExecutor(2) as processes:
        runs = [list(run(digests, bodies)) for run in (map, threads.map, processes.map)]
    assert runs[0] == runs[1] == runs[2]
    assert runs[0][:3] == runs[0][3:]


def digests(body: bytes) -> list[str]:
    return [sha256(each.body).hexdigest() for each in encode(body)]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html>no picture</html>", "no picture"),
        (b"", "no picture"),
        (bomb(30_000, 30_000), "million pixels"),
        (bomb(9_000, 9_000), "million pixels"),
        (bomb(1_000, 1_000), "damaged"),
        (saved(photograph(1200, 800))[:5000], "damaged"),
        (saved(photograph(1200, 800), "WEBP")[:500], "damaged"),
    ],
)
def test_what_is_damaged_or_too_large_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        encode(body)


def test_a_file_that_is_too_large_is_not_even_opened() -> None:
    with pytest.raises(Unfit, match="64 MB"):
        encode(bytes(64_000_001))


# -- what is kept ---------------------------------------------------------------------------------------------------------


def test_what_is_kept_is_given_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "kept")
    assert store.get("a") is None
    store.keep("a", b"one\ntwo")
    assert store.get("a") == b"one\ntwo"


@pytest.mark.parametrize(
    "change", [lambda body: body[:-1], lambda body: body + b"x", lambda _: b"", lambda body: body[:70] + b"?" + body[71:]]
)
def test_what_is_damaged_is_not_there(tmp_path: Path, change: object) -> None:
    store = Store(tmp_path)
    store.keep("a", b"one\ntwo and more")
    (tmp_path / "a").write_bytes(change((tmp_path / "a").read_bytes()))  # type: ignore[operator]
    assert store.get("a") is None


def test_what_was_not_used_for_longest_goes(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number, each in enumerate("abc"):
        store.keep(each, bytes(1000))
        os.utime(tmp_path / each, (number, number))
    assert store.get("a")
    store.trim(2500)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a", "c"]


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    store = Store(tmp_path / "file" / "below")
    store.keep("a", b"one")
    store.trim(10)
    assert store.get("a") is None


class Counting:
    """A store, or the media of a folder, that notes what it is asked for."""

    def __init__(self, inner: Store | Folder) -> None:
        self.inner = inner
        self.asked: list[str] = []

    def get(self, key: str, /) -> bytes | None:
        self.asked.append(key)
        return self.inner.get(key)  # type: ignore[union-attr]

    def keep(self, key: str, body: bytes, /) -> None:
        self.inner.keep(key, body)  # type: ignore[union-attr]

    def __call__(self, url: str) -> bytes | None:
        self.asked.append(url)
        return self.inner(url)  # type: ignore[operator]


def test_what_is_kept_is_read_once_each_and_only_its_list_to_know_what_there_is(tmp_path: Path) -> None:
    folder, url, store = Folder(SEEDS, SITE), f"{SITE}media/bells.jpg", Counting(Store(tmp_path))
    made = pictures.developed(url, folder, store)
    store.asked.clear()
    assert pictures.developed(url, folder, store) == made
    assert store.asked == [made.key]
    assert (tmp_path / made.key).stat().st_size < 1000
    store.asked.clear()
    outputs = [each for each in planning.plan(publication(), SETTINGS, folder, developed=((made,), store)) if each.format == pictures.NAME]
    bodies = [each.body for each in build.render_all(outputs)]
    assert sorted(store.asked) == [f"{made.key}-{number}" for number in range(len(bodies))]
    assert sorted(bodies) == sorted(each.body for each in encode((SEEDS / "media/bells.jpg").read_bytes()))


def test_an_original_is_read_again_only_when_its_file_is_another(tmp_path: Path) -> None:
    url, path = f"{SITE}a.jpg", tmp_path / "a.jpg"
    path.write_bytes((SEEDS / "media/bells.jpg").read_bytes())
    folder, store = Folder(tmp_path, SITE), Store(tmp_path / "kept")
    media = Counting(folder)
    first = pictures.developed(url, media, store, folder.state)
    assert pictures.developed(url, media, store, folder.state) == first
    assert media.asked == [url]
    path.write_bytes((SEEDS / "media/clock.jpg").read_bytes())
    assert pictures.developed(url, media, store, folder.state).key != first.key
    store.trim(0)
    assert pictures.developed(url, media, store, folder.state).shapes
    assert media.asked == [url] * 3


def test_a_picture_that_changes_while_the_site_is_made_is_an_error_and_not_kept(tmp_path: Path) -> None:
    path, store = tmp_path / "media/bells.jpg", Store(tmp_path / "kept")
    path.parent.mkdir()
    path.write_bytes((SEEDS / "media/bells.jpg").read_bytes())
    folder = Folder(tmp_path, SITE)
    made = pictures.developed(f"{SITE}media/bells.jpg", folder, store)
    outputs = planning.plan(publication(), SETTINGS, folder, ("webpage",), developed=((made,), store))
    path.write_bytes((SEEDS / "media/clock.jpg").read_bytes())
    store.trim(0)
    found = [each.code for one in build.render_all(outputs) if one.path.startswith("media/sized/") for each in one.problems]
    assert set(found) == {"picture-changed"}
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_picture_that_has_gone_since_it_was_looked_at_is_told_by_who_reads_the_sources(tmp_path: Path) -> None:
    url, store = f"{SITE}bell.png", Store(tmp_path / "kept")
    Image.new("RGB", (500, 300), "red").save(tmp_path / "bell.png")
    folder = Folder(tmp_path, SITE)
    assert pictures.developed(url, folder, store, folder.state).shapes
    store.trim(0)

    def unreadable(url: str) -> bytes | None:
        raise PublisherError(problem("source-unreadable", Severity.ERROR, "it cannot be read"))

    for media in (unreadable, lambda _: None):
        assert pictures.developed(url, media, store, folder.state) == pictures.Developed(url=url)
    (tmp_path / "bell.png").write_bytes(b"")
    assert [each.code for each in pictures.developed(url, folder, store, folder.state).problems] == ["picture-unusable"]


def test_pictures_that_are_kept_begin_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("bell.png", "clock.png")
    for name in names:
        Image.new("RGB", (500, 300), "red" if name == "bell.png" else "blue").save(tmp_path / name)
    given = publication(f'<p><img alt="" src="{SITE}clock.png"/></p>', lead=f"{SITE}bell.png")
    folder, store, asked = Folder(tmp_path, SITE), Store(tmp_path / "kept"), []

    def by_processes(make: Callable[[str], pictures.Developed], urls: Sequence[str]) -> Iterator[pictures.Developed]:
        asked.append([each.removeprefix(SITE) for each in urls])
        return map(make, urls)

    made = desk.develop(given, folder, store, by_processes)
    assert asked == [[*names]]
    assert desk.develop(given, folder, store, by_processes) == made
    (tmp_path / "kept" / made[1].key).unlink()
    assert desk.develop(given, folder, store, by_processes) == made
    assert asked[1:] == [["clock.png"]]
    monkeypatch.setattr(desk, "_FEW_PICTURES", 1)
    assert desk.develop(given, folder, store, by_processes) == made
    assert asked[2:] == [[*names]], "many are read by all processes"


def test_a_pillow_that_lacks_a_type_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import features

    before, check = pictures.key(b"picture"), features.check
    monkeypatch.setattr(features, "check", lambda name: name != "avif" and check(name))
    made = desk.develop(publication(BODY), Folder(SEEDS, SITE), Store(tmp_path))
    assert {shape.media_type for each in made for shape in each.shapes} == {"image/webp"}
    (told,) = (found for each in made for found in each.problems)
    assert (told.code, told.severity) == ("picture-type-missing", Severity.WARNING)
    assert "cannot write AVIF," in told.message
    assert pictures.key(b"picture") != before


def test_what_is_kept_depends_on_the_codec_and_not_on_a_patch_of_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import _avif

    before = pictures.key(b"picture")
    monkeypatch.setattr(PIL, "__version__", f"{PIL.__version__}.1")
    assert pictures.key(b"picture") == before
    monkeypatch.setattr(_avif, "codec_versions", lambda: "svt [enc]:2.3.0")
    assert pictures.key(b"picture") != before


def test_what_is_kept_depends_on_the_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    before = pictures.key(b"picture")
    monkeypatch.setattr(encoder, "_AVIF", {"quality": 1})
    assert pictures.key(b"picture") != before != pictures.key(b"another")


# -- what pages say -------------------------------------------------------------------------------------------------------


def publication(body: str = "<p>Rain.</p>", lead: str = f"{SITE}media/bells.jpg") -> Publication:
    picture = Picture(content_url=lead, width=800, height=800, description="A bell")
    article = Article(identifier="urn:a", url=f"{SITE}articles/a.html", headline="Six bells", body=body, image=(picture,), in_language="en")
    return replace(SETTINGS.publication, articles=(article,))


def planned(given: Publication, folder: Path, store: Store) -> dict[str, bytes]:
    find = Folder(folder, SITE)
    made = tuple(pictures.developed(each, find, store) for each in pictures.shown(given))
    outputs = planning.plan(given, SETTINGS, find, ("webpage",), developed=(made, store))
    written = list(build.render_all(outputs))
    assert [each.problems for each in written if each.problems] == []
    return {each.path: each.body for each in written}


BODY = (
    f'<p>One <img alt="" height="1067" src="{SITE}media/harbour.jpg" width="1600"/> two.</p>'
    f'<figure><img alt="A &quot;lens&quot;" src="{SITE}media/lens.jpg"/><figcaption>Lens</figcaption></figure>'
    f'<p><a href="{SITE}media/clock.jpg"><img alt="Clock" height="1200" src="{SITE}media/clock.jpg" width="800"/></a></p>'
    '<p><img alt="Elsewhere" src="https://elsewhere.example/a.jpg"/></p>'
)


def test_a_page_offers_each_picture_in_its_sizes_and_reads_back_the_same() -> None:
    given = publication(BODY)
    found = planned(given, SEEDS, desk.pictures_kept())
    page = found["articles/a.html"].decode()
    assert page.count("<picture>") == 4
    assert page.count('<source type="image/avif" srcset="../media/sized/harbour-480.') == 1
    assert writer("webpage").read(page.encode()).publication.articles[0].body == BODY
    assert found["index.html"].decode().count("<picture>") == 1


def test_every_address_in_srcset_is_a_file_of_the_build() -> None:
    found = planned(publication(BODY), SEEDS, desk.pictures_kept())
    page = found["articles/a.html"].decode()
    offered = {each.split()[0] for part in page.split('srcset="')[1:] for each in part.partition('"')[0].split(", ")}
    assert {each.removeprefix("../") for each in offered} == {each for each in found if each.startswith("media/sized/")}
    assert offered


def test_the_lead_comes_first_and_others_when_they_are_seen() -> None:
    page = planned(publication(BODY), SEEDS, desk.pictures_kept())["articles/a.html"].decode()
    images = [each.partition(">")[0] for each in page.split("<img ")[1:]]
    assert ['fetchpriority="high"' in each for each in images] == [True, False, False, False, False]
    assert ['loading="lazy"' in each for each in images] == [False, True, True, True, True]
    assert all('decoding="async"' in each for each in images)


def test_the_same_picture_under_two_addresses_is_made_once(tmp_path: Path) -> None:
    for name in ("a/bells.jpg", "b/bells.jpg"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes((SEEDS / "media/bells.jpg").read_bytes())
    given = publication(f'<p><img alt="" src="{SITE}b/bells.jpg"/></p>', f"{SITE}a/bells.jpg")
    find, store = Folder(tmp_path, SITE), Store(tmp_path / "kept")
    made = tuple(pictures.developed(each, find, store) for each in pictures.shown(given))
    outputs = planning.plan(given, SETTINGS, find, ("webpage",), developed=(made, store))
    assert list(build.clashes(given, outputs, ["a/bells.jpg", "b/bells.jpg"])) == []
    assert len([each for each in outputs if each.format == "rendition"]) == 4


def test_what_has_gone_since_the_plan_is_made_anew(tmp_path: Path) -> None:
    find, store = Folder(SEEDS, SITE), Store(tmp_path)
    made = (pictures.developed(f"{SITE}media/bells.jpg", find, store),)
    outputs = [
        each for each in planning.plan(publication(), SETTINGS, find, ("webpage",), developed=(made, store)) if each.format == "rendition"
    ]
    before = list(build.render_all(outputs))
    store.trim(0)
    assert list(tmp_path.iterdir()) == []
    assert list(build.render_all(outputs)) == before


def test_nothing_is_encoded_that_was_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = planned(publication(BODY), SEEDS, Store(tmp_path))
    monkeypatch.setattr(pictures, "encode", None)
    assert planned(publication(BODY), SEEDS, Store(tmp_path)) == before


@pytest.mark.parametrize(
    ("name", "body", "codes"),
    [
        ("media/a.jpg", b"<p>not found</p>", ["picture-unusable"]),
        ("media/a.png", bomb(30_000, 30_000), ["picture-unusable"]),
        ("media/a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", []),
        ("media/a.mp3", b"ID3", []),
    ],
)
def test_a_page_shows_a_picture_as_it_is_when_nothing_can_be_made_of_it(tmp_path: Path, name: str, body: bytes, codes: list[str]) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / name).write_bytes(body)
    found = pictures.developed(f"{SITE}{name}", Folder(tmp_path, SITE), Store(tmp_path / "kept"))
    assert [each.code for each in found.problems] == codes
    assert found.shapes == ()


def test_that_nothing_can_be_made_of_a_picture_is_told_where_its_file_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "publisher.toml").write_text(f'[publication]\nname = "The Lantern"\nurl = "{SITE}"\nlanguage = "en"\nsince = "2026"\n')
    (tmp_path / "the quay.jpg").write_bytes(b"\xff\xd8\xff" + bytes(200))
    (tmp_path / "one.md").write_text("---\ntitle: One\ndate: 2026-11-01\n---\nText ![A quay](<the quay.jpg>)\n")
    assert main(["build", str(tmp_path), "-o", str(tmp_path / "out"), "--only", "webpage"]) == 0
    assert f"{os.path.relpath(tmp_path / 'the quay.jpg')}: warning picture-unusable" in capsys.readouterr().err


def test_pictures_that_are_not_ours_are_not_asked_for() -> None:
    given = publication('<p><img alt="" src="https://elsewhere.example/a.jpg"/></p>', "https://elsewhere.example/b.jpg")
    assert pictures.shown(given) == ()


def test_an_address_with_odd_characters_stays_one_address() -> None:
    odd = f"{SITE}media/a%20%22b%22,c.jpg"
    several = (Rendition(url=f"{SITE}media/sized/a-b-c-480.00000000.webp", media_type="image/webp", width=480, height=320),)
    given = publication(f'<p><img alt="" src="{odd}"/></p>', odd)
    page = writer("webpage").write(given, Target(site=Surroundings(renditions={odd: several}))).decode()
    assert page.count("a-b-c-480.00000000.webp 480w") == 1
    assert writer("webpage").read(page.encode()).publication == given


@pytest.mark.parametrize(("setting", "expected"), [("", True), ("[site]\npictures = false\n", False)])
def test_a_setting_turns_it_off(tmp_path: Path, setting: str, *, expected: bool) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media/bells.jpg").write_bytes((SEEDS / "media/bells.jpg").read_bytes())
    toml = f'[publication]\nname = "The Lantern"\nurl = "{SITE}"\nlanguage = "en"\nsince = "2026"\n{setting}'
    (tmp_path / "publisher.toml").write_text(toml)
    text = "---\ntitle: Six bells\nimage: media/bells.jpg\nimage_alt: Bells\ndate: 2026-11-01\n---\nThe bells rang.\n"
    (tmp_path / "bells.md").write_text(text)
    assert main(["build", str(tmp_path), "-o", str(tmp_path / "out"), "--only", "webpage"]) == 0
    page = next((tmp_path / "out/articles").iterdir()).read_text()
    assert ("<picture>" in page, (tmp_path / "out/media/sized").is_dir()) == (expected, expected)
