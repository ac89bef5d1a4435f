//! A name is found however it is written: a thousand ways, in every format.

use crate::redaction::everything;
use crate::support::{Folder, list, text};
use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization as _;

/// Who and what is known, and what each becomes.
const KNOWN: [(&str, &str); 8] = [
    ("Zeynep Kaya", "person 4"),
    ("José García", "person 2"),
    ("İlker Yılmaz", "person 5"),
    ("Jürgen Weiß", "person 3"),
    ("Ana-María O'Neill", "person 1"),
    ("orders-ledger-db", "resource 1"),
    ("payments.api_v2", "resource 2"),
    ("acct-secret", "account A"),
];
const NUMBER: &str = "111122223333";

fn inventory(changes: &[String]) -> String {
    let revisions: Vec<Value> = changes
        .iter()
        .enumerate()
        .map(|(number, change)| json!({"version": format!("v{number:05}"), "date": "2026-10-01", "change": change}))
        .collect();
    let people: Vec<&str> = KNOWN[..5].iter().map(|(name, _)| *name).collect();
    json!({
        "inventory": 1, "organization": "Example", "as_of": "2026-11-01",
        "parties": {"team": {"name": "Platform", "people": people}},
        "accounts": {(NUMBER): {"name": "acct-secret"}},
        "resources": [
            {"service": "rds", "name": "orders-ledger-db", "account": NUMBER},
            {"service": "s3", "name": "payments.api_v2", "account": NUMBER},
        ],
        "revisions": revisions,
    })
    .to_string()
}

fn swapped(name: &str) -> String {
    let swap = |(at, letter): (usize, char)| {
        if at % 2 == 0 {
            letter.to_uppercase().to_string()
        } else {
            letter.to_lowercase().to_string()
        }
    };
    name.chars().enumerate().map(swap).collect()
}

/// ASCII as East Asian fonts have it, as wide as their own characters.
fn wide(name: &str) -> String {
    let wide = |letter: char| match letter {
        '!'..='~' => char::from_u32(u32::from(letter) + 0xfee0).unwrap(),
        letter => letter,
    };
    name.chars().map(wide).collect()
}

fn escaped(name: &str, escape: impl Fn(char) -> String) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric();
    name.chars()
        .map(|letter| if plain(letter) { letter.to_string() } else { escape(letter) })
        .collect()
}

/// Everything that a name may be written as.
fn spellings(name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let cases = [name.to_owned(), name.to_uppercase(), name.to_lowercase(), swapped(name)];
    for cased in &cases {
        let composed = [cased.clone(), cased.nfd().collect(), cased.nfkd().collect(), wide(cased)];
        for one in composed {
            for space in [" ", "  ", "\n", "\r\n    ", "\t", "\u{a0}", "\u{2003}\u{2009}"] {
                found.insert(one.replace(' ', space));
            }
            for invisible in ["\u{200b}", "\u{ad}", "\u{2060}", "\u{feff}", "\u{200d}"] {
                let letters: Vec<String> = one.chars().map(|letter| letter.to_string()).collect();
                found.insert(letters.join(invisible));
                let middle = letters.len() / 2;
                found.insert(format!("{}{invisible}{}", letters[..middle].concat(), letters[middle..].concat()));
            }
        }
        for dash in ["\u{2010}", "\u{2011}", "\u{2013}", "\u{2212}", "_", "-\n", " ", " - "] {
            found.insert(cased.replace('-', dash));
        }
        found.insert(cased.replace('\'', "\u{2019}"));
        found.insert(escaped(cased, |letter| format!("&#{};", u32::from(letter))));
        found.insert(escaped(cased, |letter| format!("&#x{:X};", u32::from(letter))));
        found.insert(escaped(cased, |letter| format!("\\u{:04x}", u32::from(letter))));
        found.insert(escaped(cased, |letter| {
            let mut bytes = [0; 4];
            letter.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")).collect()
        }));
        found.insert(escaped(cased, |letter| {
            if letter.is_ascii_punctuation() {
                format!("\\{letter}")
            } else {
                letter.to_string()
            }
        }));
        found.insert(
            cased
                .replace('é', "&eacute;")
                .replace('í', "&iacute;")
                .replace('ü', "&uuml;")
                .replace(' ', "&nbsp;"),
        );
        found.insert(cased.replace([' ', '-'], "** __"));
        found.insert(cased.replace(' ', "<br/>"));
        let (first, rest) = cased.split_at(cased.char_indices().nth(3).map_or(0, |(at, _)| at));
        found.insert(format!("{first}<b>{rest}"));
        found.insert(format!("{first}</span><span class=\"x\">{rest}"));
    }
    found
}

/// An account's number in pieces.
fn numbers() -> BTreeSet<String> {
    let mut found = BTreeSet::from([NUMBER.to_owned(), wide(NUMBER), "١١١١٢٢٢٢٣٣٣٣".to_owned()]);
    for mark in [
        " ", "-", ".", "_", "/", "\u{a0}", "\u{202f}", "\u{2011}", "\n", "\u{200b}", "\u{ad}", " - ", "&nbsp;", "%20",
    ] {
        found.insert(["1111", "2222", "3333"].join(mark));
        found.insert(["111", "122", "223", "333"].join(mark));
        found.insert(["111122", "223333"].join(mark));
        found.insert(["1111", "2222", "3333"].map(wide).join(mark));
    }
    found
}

/// What may stand around a name.
const AROUND: [(&str, &str); 9] = [
    ("", ""),
    ("(", ")."),
    ("\"", "\","),
    ("**", "**"),
    ("`", "`"),
    ("<b>", "</b>"),
    ("[", "]"),
    ("in İzmir ", ", İ"),
    ("😀 ", " ẞ"),
];

/// Letters and digits alone, without accents and in one case.
fn squeezed(text: &str) -> String {
    text.nfkd()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// What a report shows of each change, in the order of the versions.
fn changes_of(report: &Value) -> Vec<(&str, &str)> {
    let revisions = list(report, "revisions").iter();
    let mut shown: Vec<(&str, &str)> = revisions.map(|one| (text(one, "version"), text(one, "change"))).collect();
    shown.sort_unstable();
    shown
}

#[test]
fn a_thousand_spellings_of_a_name_are_one_pseudonym() {
    let mut changes: Vec<(String, String)> = Vec::new();
    let mut add = |spelt: &str, shown: &str| {
        let (before, after) = AROUND[changes.len() % AROUND.len()];
        changes.push((
            format!("said by {before}{spelt}{after} again"),
            format!("said by {before}{shown}{after} again"),
        ));
    };
    for (name, shown) in KNOWN {
        for spelt in spellings(name) {
            add(&spelt, shown);
        }
    }
    for spelt in numbers() {
        add(&spelt, "account A");
    }
    assert!(changes.len() > 1_000, "{}", changes.len());
    let texts: Vec<String> = changes.iter().map(|(spelt, _)| spelt.clone()).collect();
    let folder = Folder::new().with("inventory.yaml", inventory(&texts));
    let outputs = everything(&folder, "audit", "inventory.yaml");
    let report: Value = serde_json::from_str(&folder.read("out/r.json")).unwrap();
    let shown = changes_of(&report);
    let wrong: Vec<String> = shown
        .iter()
        .zip(&changes)
        .filter(|((_, shown), (_, expected))| shown != expected)
        .map(|((_, shown), (spelt, _))| format!("{spelt:?} became {shown:?}"))
        .collect();
    assert_eq!(shown.len(), changes.len());
    assert!(
        wrong.is_empty(),
        "{} of {}: {:#?}",
        wrong.len(),
        changes.len(),
        &wrong[..wrong.len().min(40)]
    );
    let names: Vec<String> = KNOWN.iter().map(|(name, _)| squeezed(name)).chain([NUMBER.to_owned()]).collect();
    for (whose, output) in outputs {
        let output = squeezed(&output);
        for name in &names {
            assert!(!output.contains(name.as_str()), "`{name}` is in {whose}");
        }
    }
}

#[test]
fn what_names_nobody_stays_as_it_is() {
    let sentences = [
        "The order ledger of the database is kept for 10 years",
        "Zey, Kay and Jos are no names that anybody knows",
        "On 2026-10-01 at 11:12, 1,111 of 2,222 rows (50.0 %) moved",
        "1111 and 2222 and 3333 are three numbers, 2026 2027 two years",
        "Ünïcödé, İstanbul, ẞ, ﬁ, １２３ and 😀 stay as they are written",
        "a  b\tc \u{a0}d: spaces stay, \u{200b}too",
        "&amp; &uuml; %20 \\u00fc \\_ are escapes and stay",
        "CI/CD, A/R, and/or, 24/7, e.g. this",
        "account numbers have twelve digits, 1234567890123 has thirteen",
    ];
    let texts: Vec<String> = sentences.map(str::to_owned).to_vec();
    let folder = Folder::new().with("inventory.yaml", inventory(&texts));
    let report = folder.run(&["report", "--redact", "--format", "json"]).json();
    let shown = changes_of(&report);
    let shown: Vec<&str> = shown.into_iter().map(|(_, change)| change).collect();
    assert_eq!(shown, sentences);
}

#[test]
fn one_person_in_two_spellings_is_one_person() {
    let with = |reason: &str, by: &str| json!({"match": {"service": "rds"}, "reason": reason, "approved_by": by, "expires": "2027-01-01"});
    let inventory = json!({
        "inventory": 1, "organization": "Example", "as_of": "2026-11-01",
        "resources": [{"service": "rds", "name": "x-ledger"}],
        "exceptions": [with("a", "José García"), with("b", "JOSE\u{301}  GARCI\u{301}A"), with("c", "jose\u{a0}garcia"), with("d", "Ann Other")],
    });
    let folder = Folder::new().with("inventory.yaml", inventory.to_string());
    let report = folder.run(&["report", "--redact", "--format", "json"]).json();
    let who: Vec<(&str, &str)> = list(&report, "exceptions")
        .iter()
        .map(|one| (text(one, "reason"), text(one, "approved_by")))
        .collect();
    let of = |reason: &str| who.iter().find(|(known, _)| *known == reason).unwrap().1;
    assert_eq!((of("a"), of("b"), of("c")), (of("a"), of("a"), of("a")), "{who:?}");
    assert_ne!(of("a"), of("d"));
}

/// Ways to write a name otherwise, which can follow one another.
const WAYS: [fn(&str) -> String; 12] = [
    |name| name.to_uppercase(),
    |name| name.to_lowercase(),
    swapped,
    |name| name.nfd().collect(),
    |name| name.nfkd().collect(),
    wide,
    |name| name.replace(' ', "\n"),
    |name| name.replace(' ', " \u{a0} "),
    |name| name.replace('-', "\u{2011}"),
    |name| name.replace('-', "-\n"),
    |name| name.chars().flat_map(|letter| [letter, '\u{200b}']).collect(),
    |name| name.chars().flat_map(|letter| ['\u{ad}', letter]).collect(),
];

/// What is written as another language spells it is so at last.
const ESCAPES: [fn(&str) -> String; 4] = [
    str::to_owned,
    |name| escaped(name, |letter| format!("&#{};", u32::from(letter))),
    |name| escaped(name, |letter| format!("&#x{:x};", u32::from(letter))),
    |name| {
        escaped(name, |letter| {
            let mut bytes = [0; 4];
            letter.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02x}")).collect()
        })
    },
];

#[test]
fn a_thousand_mixtures_of_spellings_are_one_pseudonym() {
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[5; 32]);
    let mut below = |end: usize| usize::try_from(random.next_u64() % end as u64).unwrap();
    let mut changes: BTreeMap<String, &str> = BTreeMap::new();
    while changes.len() < 1_000 {
        let (name, shown) = KNOWN[below(KNOWN.len())];
        let mut spelt = name.to_owned();
        for _ in 0..2 + below(3) {
            spelt = WAYS[below(WAYS.len())](&spelt);
        }
        changes.insert(ESCAPES[below(ESCAPES.len())](&spelt), shown);
    }
    let texts: Vec<String> = changes.keys().map(|spelt| format!("said by {spelt} again")).collect();
    let folder = Folder::new().with("inventory.yaml", inventory(&texts));
    let report = folder.run(&["report", "--redact", "--format", "json"]).json();
    let shown = changes_of(&report);
    assert_eq!(shown.len(), changes.len());
    let pairs = shown.iter().zip(&changes);
    // What prints as nothing at the end of a name goes with it or stays.
    let bare = |text: &str| {
        let invisible = [
            "\u{200b}",
            "\u{ad}",
            "%e2%80%8b",
            "%c2%ad",
            "&#8203;",
            "&#173;",
            "&#x200b;",
            "&#xad;",
        ];
        let seen = invisible.iter().fold(text.to_owned(), |text, sign| text.replace(sign, ""));
        seen.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let wrong = pairs.filter(|((_, shown), (_, pseudonym))| bare(shown) != format!("said by {pseudonym} again"));
    let wrong: Vec<String> = wrong
        .map(|((_, shown), (spelt, _))| format!("{spelt:?} became {shown:?}"))
        .collect();
    assert!(wrong.is_empty(), "{} of 1000: {:#?}", wrong.len(), &wrong[..wrong.len().min(40)]);
}

/// `ledger` is a resource, and so is `orders-ledger`; people are called alike.
#[test]
fn names_within_names_leave_nothing_of_either() {
    let names = ["ledger", "orders-ledger", "orders-ledger-db", "my-orders-ledger-db-2"];
    let people = ["Ann Lee", "Ann Lee-Young", "Mary Ann Lee", "Lee"];
    let sentences: Vec<String> = names
        .iter()
        .chain(&people)
        .flat_map(|name| {
            let upper = name.to_uppercase();
            [
                format!("of {name} alone"),
                format!("of {upper}, {name} and ({upper})"),
                format!("of {name}\n{name}"),
                format!("of {name}/{name}.{upper}"),
            ]
        })
        .collect();
    let resources: Vec<Value> = names.iter().map(|name| json!({"service": "rds", "name": name})).collect();
    let revisions: Vec<Value> = sentences
        .iter()
        .enumerate()
        .map(|(number, change)| json!({"version": format!("v{number:05}"), "date": "2026-10-01", "change": change}))
        .collect();
    let inventory = json!({"inventory": 1, "organization": "Example", "as_of": "2026-11-01", "parties": {"team": {"name": "Platform", "people": people}},
        "resources": resources, "revisions": revisions});
    let folder = Folder::new().with("inventory.yaml", inventory.to_string());
    let report = folder.run(&["report", "--redact", "--format", "json"]).json();
    let shown = changes_of(&report);
    assert_eq!(shown.len(), sentences.len());
    for ((_, shown), sentence) in shown.iter().zip(&sentences) {
        let left = squeezed(shown);
        for part in ["ledger", "orders", "annlee", "young", "mary", "lee"] {
            assert!(!left.contains(part), "{sentence:?} became {shown:?}");
        }
    }
    // Each name has a pseudonym of its own.
    let alone: BTreeSet<&str> = shown.iter().step_by(4).map(|(_, shown)| *shown).collect();
    assert_eq!(alone.len(), names.len() + people.len(), "{alone:?}");
}
