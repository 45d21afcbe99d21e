"""Whether two records are one firm: ours beside plain rapidfuzz and exact match, in one run.

Usage: python benchmarks/identity_names.py [PAIRS]. Invented firms are written by rule in other ways
(true pairs: one to three kinds of noise each) and set beside others that only look alike (hard
non-pairs). Each true pair knows some of address, reading, domain and telephone on both sides; so
do the non-pairs, as group companies and branches really share them. rapidfuzz gets its best
threshold of all (by F1, chosen on the very set it is measured on, a favour we do not take), once
with names alone and once with name and address as one text. Prints one line of JSON per figure.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from registry.organizations.identity import Facts, Register, Verdict, judge, keys_of

ROOTS = [
    ("川崎", "カワサキ", "Kawasaki"),
    ("髙﨑", "タカサキ", "Takasaki"),
    ("渡邊", "ワタナベ", "Watanabe"),
    ("齋藤", "サイトウ", "Saito"),
    ("大田", "オオタ", "Ohta"),
    ("明和", "メイワ", "Meiwa"),
    ("東亜", "トウア", "Toa"),
    ("日進", "ニッシン", "Nisshin"),
    ("三栄", "サンエイ", "Sanei"),
    ("共立", "キョウリツ", "Kyoritsu"),
    ("信和", "シンワ", "Shinwa"),
    ("武蔵", "ムサシ", "Musashi"),
    ("相模", "サガミ", "Sagami"),
    ("眞壁", "マカベ", "Makabe"),
    ("島津", "シマヅ", "Shimazu"),
    ("光洋", "コウヨウ", "Koyo"),
    ("富士見", "フジミ", "Fujimi"),
    ("茅ヶ崎", "チガサキ", "Chigasaki"),
    ("濵田", "ハマダ", "Hamada"),
    ("淺野", "アサノ", "Asano"),
]
MIDDLES = [
    ("", "", ""),
    ("中央", "チュウオウ", "Chuo"),
    ("精密", "セイミツ", "Seimitsu"),
    ("青葉", "アオバ", "Aoba"),
    ("若葉", "ワカバ", "Wakaba"),
    ("旭", "アサヒ", "Asahi"),
    ("朝日", "アサヒ", "Asahi"),
    ("みどり", "ミドリ", "Midori"),
    ("さくら", "サクラ", "Sakura"),
    ("ヴェール", "ヴェール", "Veru"),
]
TAILS = [
    ("精機", "セイキ", "Seiki"),
    ("製作所", "セイサクショ", "Seisakusho"),
    ("電機", "デンキ", "Denki"),
    ("化成", "カセイ", "Kasei"),
    ("金型", "カナガタ", "Kanagata"),
    ("塗装", "トソウ", "Toso"),
    ("メッキ", "メッキ", "Mekki"),
    ("計測", "ケイソク", "Keisoku"),
    ("鉄工所", "テッコウショ", "Tekkosho"),
    ("コンピューター", "コンピューター", "Konpyuta"),
    ("樹脂", "ジュシ", "Jushi"),
    ("印刷所", "インサツショ", "Insatsusho"),
]
FORMS = {
    "kabushiki": ["株式会社", "㈱", "(株)", "（株）", "株式會社"],
    "yugen": ["有限会社", "㈲", "(有)", "（有）"],
    "godo": ["合同会社", "(同)", "（同）"],
    "ippan_shadan": ["一般社団法人", "(一社)", "（一社）"],
    "iryo": ["医療法人社団", "医療法人", "(医)"],
}
OLD = {
    "高": "髙",
    "崎": "﨑",
    "辺": "邊",
    "斎": "齋",
    "沢": "澤",
    "浜": "濵",
    "真": "眞",
    "浅": "淺",
    "国": "國",
    "鉄": "鐵",
}
NEW = {old: new for new, old in OLD.items()}
TOWNS = [
    "上小田中",
    "下野毛",
    "宮内",
    "久地",
    "坂戸",
    "新丸子",
    "小杉町",
    "大川町",
    "浮島町",
    "南加瀬",
]
CITIES = {"14131": "川崎区", "14132": "幸区", "14133": "中原区", "14134": "高津区"}
ELSEWHERE = ["14101", "14201", "14150", "13111"]
GROUP = [
    "販売",
    "物流",
    "ホールディングス",
    "サービス",
    "エンジニアリング",
    "商事",
    "テクノ",
    "不動産",
]
BRANCHES = ["川崎工場", "横浜支店", "東京営業所", "厚木事業所", "第二工場"]
NUMERALS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Firm:
    """An invented firm: parts of its name, and where it is."""

    name: str
    kana: str
    latin: str
    form: str
    before: bool
    facts: Facts
    chome: int
    ban: int
    go: int
    town: str


@dataclass(frozen=True)
class Pair:
    """Two records, whether they are one firm, and what was done to them."""

    one: Facts
    other: Facts
    same: bool
    kind: str


def firm(rng: random.Random) -> Firm:
    """An invented firm with all its data."""
    parts = [rng.choice(ROOTS), rng.choice(MIDDLES), rng.choice(TAILS)]
    name, kana = ("".join(part[place] for part in parts) for place in (0, 1))
    latin = " ".join(part[2] for part in parts if part[2])
    form = rng.choices(list(FORMS), [70, 14, 8, 4, 4])[0]
    before, city = rng.random() < 0.6, rng.choice(list(CITIES))
    town, chome, ban, go = (
        rng.choice(TOWNS),
        rng.randint(1, 9),
        rng.randint(1, 30),
        rng.randint(1, 20),
    )
    number = rng.randint(0, 99999)
    written = FORMS[form][0]
    facts = Facts(
        name=written + name if before else name + written,
        kana=kana,
        municipality=city,
        address=f"{town}{chome}-{ban}-{go}",
        website=f"https://www.f{number}.co.jp/",
        phones=(f"044-{rng.randint(200, 999)}-{rng.randint(1000, 9999)}",),
    )
    return Firm(name, kana, latin, form, before, facts, chome, ban, go, town)


def with_form(firm: Firm, name: str, rng: random.Random, form: str | None = None) -> str:
    """A name with its form written in another way, before or after, sometimes left out."""
    written = rng.choice([*FORMS[form or firm.form], ""])
    space = rng.choice(["", "", " ", "\u3000"])
    return written + space + name if rng.random() < 0.5 else name + space + written


def wide(text: str) -> str:
    """ASCII in full width."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def narrow(text: str) -> str:
    """Katakana in half width, as far as one letter makes one or two."""
    table = dict(
        zip(
            "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンッャュョー",
            "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝｯｬｭｮｰ",
            strict=True,
        )
    )
    return "".join(table.get(letter, letter) for letter in text)


def typo(name: str, rng: random.Random) -> str:
    """A slip of the pen: two letters changed round, one left out, one doubled, one another."""
    place = rng.randrange(1, len(name) - 1) if len(name) > 2 else 0
    return rng.choice(
        (
            name[:place] + name[place + 1] + name[place] + name[place + 2 :]
            if place + 1 < len(name)
            else name,
            name[:place] + name[place + 1 :],
            name[:place] + name[place] + name[place:],
            name[:place] + rng.choice("産制成業機気電伝型形") + name[place + 1 :],
        )
    )


def noisy_name(firm: Firm, kind: str, rng: random.Random) -> str:
    """The firm's name written in the way of that kind."""
    name = firm.name
    match kind:
        case "old kanji":
            name = "".join(NEW.get(letter, OLD.get(letter, letter)) for letter in name)
        case "width":
            name = narrow(wide(name))
        case "spaces and dots":
            place = rng.randrange(1, len(name))
            name = name[:place] + rng.choice([" ", "\u3000", "・"]) + name[place:]
        case "kana":
            name = name.replace("コンピューター", "コンピュータ").replace("メッキ", "めっき")
            name = (
                name.replace("ヴェ", "ベ")
                .replace("ヶ", rng.choice("ケが"))
                .replace("さくら", "サクラ")
            )
        case "romanised":
            latin = rng.choice((firm.latin, firm.latin.upper(), firm.latin.replace(" ", "")))
            return latin + rng.choice(["", " Co., Ltd.", " K.K.", ", Inc."])
        case "typing":
            name = typo(name, rng)
        case "head office":
            return with_form(firm, name, rng) + rng.choice([" 本社", "\u3000本店"])
    return with_form(firm, name, rng)


def noisy_address(firm: Firm, rng: random.Random) -> str:
    """The address written in another way."""
    kanji = NUMERALS[firm.chome]
    return rng.choice(
        (
            f"{firm.town}{kanji}丁目{firm.ban}番{firm.go}号",
            f"{firm.town}{firm.chome}丁目{firm.ban}－{firm.go}",
            wide(f"{firm.town}{firm.chome}-{firm.ban}-{firm.go}"),
            f"川崎市{CITIES[firm.facts.municipality]}{firm.town}{firm.chome}-{firm.ban}-{firm.go} 富士ビル3F",
            f"神奈川県川崎市{CITIES[firm.facts.municipality]}{firm.town}{kanji}丁目{firm.ban}番地{firm.go}",
        )
    )


def thinned(facts: Facts, rng: random.Random, keep: float) -> Facts:
    """The record with some of its data unknown."""
    empty: dict[str, object] = {
        "kana": "",
        "address": "",
        "website": "",
        "phones": (),
        "municipality": "",
    }
    return replace(facts, **{name: value for name, value in empty.items() if rng.random() > keep})  # type: ignore[arg-type]


NOISE = [
    "form",
    "width",
    "old kanji",
    "spaces and dots",
    "kana",
    "romanised",
    "typing",
    "address",
    "head office",
]
HARD = [
    "legal form",
    "branch",
    "group company",
    "two of a group",
    "other city",
    "counted",
    "neighbour",
    "one reading",
]


def true_pair(kind: str, rng: random.Random) -> Pair:
    """One firm written twice."""
    one = firm(rng)
    name = noisy_name(one, kind, rng)
    facts = replace(one.facts, name=name, address=noisy_address(one, rng))
    if rng.random() < 0.3:
        facts = replace(facts, phones=(wide(one.facts.phones[0]),))
    keep = 0.9 if kind in ("romanised", "typing") else 0.6
    return Pair(thinned(one.facts, rng, keep), thinned(facts, rng, keep), True, kind)


def hard_pair(kind: str, rng: random.Random) -> Pair:
    """Two firms that look alike."""
    one, two = firm(rng), firm(rng)
    facts = one.facts
    shares = rng.random() < 0.5
    match kind:
        case "legal form":
            form = rng.choice([code for code in FORMS if code != one.form])
            written = rng.choice(FORMS[form])
            other = replace(facts if shares else two.facts, name=written + one.name, kana=one.kana)
        case "branch":
            form = FORMS[one.form][0]
            name = f"{form}{one.name} {rng.choice(BRANCHES)}"
            other = replace(two.facts, name=name, website=facts.website, kana="")
        case "group company":
            word = rng.choice(GROUP)
            other = replace(
                facts if shares else two.facts,
                name=with_form(one, one.name + word, rng),
                kana="",
                website=facts.website,
            )
        case "two of a group":
            first, second = rng.sample(GROUP, 2)
            facts = replace(facts, name=with_form(one, one.name + first, rng), kana="")
            other = replace(
                facts if shares else two.facts, name=with_form(one, one.name + second, rng), kana=""
            )
        case "other city":
            other = replace(
                two.facts,
                name=with_form(one, one.name, rng),
                kana=one.kana,
                municipality=rng.choice(ELSEWHERE),
            )
            return Pair(thinned(facts, rng, 0.9), replace(other), False, kind)
        case "counted":
            first, second = rng.sample(["第一", "第二", "第三", "東", "西", "新"], 2)
            facts = replace(facts, name=with_form(one, first + one.name, rng), kana="")
            other = replace(two.facts, name=with_form(one, second + one.name, rng), kana="")
        case "neighbour":
            other = replace(two.facts, address=facts.address, municipality=facts.municipality)
        case _:
            other = replace(
                two.facts,
                name="株式会社" + "光陽向洋高陽"[rng.randrange(3) * 2 :][:2] + "工業",
                kana="コウヨウコウギョウ",
            )
            facts = replace(facts, name="株式会社興洋工業", kana="コウヨウコウギョウ")
    return Pair(thinned(facts, rng, 0.7), thinned(other, rng, 0.7), False, kind)


def pairs(count: int, seed: int = 4) -> list[Pair]:
    """So many pairs, half of them true, all kinds evenly; names alike by chance are left out."""
    rng = random.Random(seed)
    found = []
    for number in range(count // 2):
        found.append(true_pair(NOISE[number % len(NOISE)], rng))
        found.append(hard_pair(HARD[number % len(HARD)], rng))
    return [pair for pair in found if pair.same or pair.one.name != pair.other.name]


@dataclass(frozen=True)
class Score:
    """How many pairs were called one rightly, wrongly, and how many were missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of those called one, the share that is."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Of those that are one, the share found."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)


def score(answers: Sequence[bool], data: Sequence[Pair]) -> Score:
    """Compare answers with the truth."""
    both = list(zip(answers, (pair.same for pair in data), strict=True))
    return Score(both.count((True, True)), both.count((True, False)), both.count((False, True)))


def best(likeness: Callable[[Pair], float], data: Sequence[Pair]) -> tuple[int, Score, list[bool]]:
    """The threshold with the highest F1, its score and its answers."""
    values = [likeness(pair) for pair in data]
    scores = {cut: score([value >= cut for value in values], data) for cut in range(40, 101)}
    cut = max(scores, key=lambda one: scores[one].f1)
    return cut, scores[cut], [value >= cut for value in values]


def show(name: str, found: Score, seconds: float, count: int, **more: object) -> None:
    """One line of JSON."""
    print(
        json.dumps(
            {
                "rule": name,
                "precision": round(found.precision, 4),
                "recall": round(found.recall, 4),
                "f1": round(found.f1, 4),
                "µs a pair": round(1e6 * seconds / count, 1),
                **more,
            },
            ensure_ascii=False,
        )
    )


def by_kind(answers: Sequence[bool], data: Sequence[Pair]) -> dict[str, float]:
    """Share of right answers by what was done."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for answer, pair in zip(answers, data, strict=True):
        groups[pair.kind].append(answer == pair.same)
    return {kind: round(sum(right) / len(right), 3) for kind, right in groups.items()}


def timed(name: str, answer: Callable[[Pair], bool], data: Sequence[Pair], *, kinds: bool) -> None:
    """Measure a rule that needs no threshold."""
    start = time.process_time()
    answers = [answer(pair) for pair in data]
    seconds = time.process_time() - start
    more = {"right by kind": by_kind(answers, data)} if kinds else {}
    show(name, score(answers, data), seconds, len(data), **more)


def ours(worst: Verdict, *, names_only: bool = False) -> Callable[[Pair], bool]:
    """Our rule: called one when the verdict is at least this sure."""

    def answer(pair: Pair) -> bool:
        one, other = pair.one, pair.other
        if names_only:
            one, other = (
                Facts(name=one.name, kana=one.kana),
                Facts(name=other.name, kana=other.kana),
            )
        return judge(keys_of(one), keys_of(other)).verdict.rank <= worst.rank

    return answer


def whole(facts: Facts) -> str:
    """Name and address as one text."""
    return f"{facts.name} {facts.address}"


def distinct(facts: Facts, rng: random.Random) -> Facts:
    """The firm with two letters more in its name, so that few bear the same."""
    letters = "".join(rng.choices("栄光和正幸英義明清昌弘豊隆茂勝進誠実勇功", k=2))
    return replace(facts, name=facts.name[:5] + letters + facts.name[5:], kana="")


def many(count: int) -> None:
    """So many rows sought among as many records: seconds."""
    rng = random.Random(7)
    records = [distinct(firm(rng).facts, rng) for _ in range(count)]
    rows = [replace(one, website="") for one in records]
    start = time.process_time()
    register: Register[int] = Register()
    for number, facts in enumerate(records):
        register.add(number, facts)
    middle = time.process_time()
    register.find_many(rows, limit=3)
    end = time.process_time()
    print(
        json.dumps(
            {
                "records": count,
                "taken in s": round(middle - start, 1),
                "rows sought s": round(end - middle, 1),
            }
        )
    )


def main() -> None:
    """Measure; the number of pairs may be named."""
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    data = pairs(numbers[0] if numbers else 12_000)
    true = sum(pair.same for pair in data)
    print(json.dumps({"pairs": len(data), "true": true, "hard non-pairs": len(data) - true}))
    timed("ours: likely or same", ours(Verdict.LIKELY), data, kinds=True)
    timed("ours: possibly, likely or same", ours(Verdict.POSSIBLY), data, kinds=True)
    timed("ours: same (no question asked)", ours(Verdict.SAME), data, kinds=False)
    timed(
        "ours, names and readings alone: likely",
        ours(Verdict.LIKELY, names_only=True),
        data,
        kinds=False,
    )
    timed("exact match of names", lambda pair: pair.one.name == pair.other.name, data, kinds=False)
    peers: dict[str, Callable[[Pair], float]] = {
        "rapidfuzz ratio, names": lambda pair: fuzz.ratio(pair.one.name, pair.other.name),
        "rapidfuzz WRatio, names": lambda pair: fuzz.WRatio(pair.one.name, pair.other.name),
        "rapidfuzz token_set_ratio, names": lambda pair: fuzz.token_set_ratio(
            pair.one.name, pair.other.name
        ),
        "rapidfuzz ratio, names and addresses": lambda pair: fuzz.ratio(
            whole(pair.one), whole(pair.other)
        ),
    }
    for name, likeness in peers.items():
        start = time.process_time()
        for pair in data:
            likeness(pair)
        seconds = time.process_time() - start
        cut, found, answers = best(likeness, data)
        show(
            name,
            found,
            seconds,
            len(data),
            threshold=cut,
            **{"right by kind": by_kind(answers, data)},
        )
    many(100_000)


if __name__ == "__main__":
    main()
