//! Laws over the text of all documents: every example, every edition.

use crate::support::{Folder, list, root};
use serde_json::Value;

const EXAMPLES: [&str; 4] = ["minimal.yaml", "payments", "estate", "reference"];
const EDITIONS: [&str; 3] = ["audit", "review", "handover"];

/// Each document as Markdown and HTML, with its name.
fn documents() -> impl Iterator<Item = (String, String, String)> {
    EXAMPLES.into_iter().flat_map(|example| {
        EDITIONS.into_iter().map(move |edition| {
            let path = root().join("inventories").join(example);
            let folder = Folder::new();
            folder
                .run(&["report", path.to_str().unwrap(), "--edition", edition, "-o", "r.md", "-o", "r.html"])
                .well();
            (format!("{example} {edition}"), folder.read("r.md"), folder.read("r.html"))
        })
    })
}

/// The text of each paragraph, cell, item and heading of a page; code is left out, as is what only the search reads.
fn texts(html: &str) -> Vec<(String, String)> {
    let body = &html[html.find("<main").unwrap()..];
    let body = body.split("</main>").next().unwrap();
    let parts = body.split("<template");
    let shown = parts.map(|part| part.split_once("</template>").map_or(part, |(_, shown)| shown));
    let body = shown.collect::<Vec<&str>>().concat();
    let mut found = Vec::new();
    for tag in ["p", "li", "td", "th", "h2", "h3", "h4", "dt", "dd"] {
        let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
        for part in body.split(&open).skip(1).filter(|part| part.starts_with([' ', '>'])) {
            let inner = part.split_once('>').unwrap().1.split(&close).next().unwrap();
            found.push((tag.to_owned(), plain(inner)));
        }
    }
    found
}

/// What is read out of some HTML, a word of code as `…`.
fn plain(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, behind)) = rest.split_once('<') {
        out.push_str(before);
        if behind.starts_with("code") {
            out.push('…');
            rest = behind.split_once("</code>").map_or("", |(_, after)| after);
        } else {
            rest = behind.split_once('>').map_or("", |(_, after)| after);
        }
    }
    out.push_str(rest);
    let out = out
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    out.replace("&amp;", "&").trim().to_owned()
}

#[test]
fn no_document_shows_marks_of_its_making() {
    for (name, markdown, html) in documents() {
        for (tag, said) in texts(&html) {
            let what = format!("{name}, {tag}: {said:.200}");
            // Marks of Markdown and of templates that were not understood.
            for mark in ["`", "**", "{{", "}}", "{%", "<!--", "\\[", "&nbsp;", "undefined"] {
                assert!(!said.contains(mark), "{mark} in {what}");
            }
            // Numbers agree with their verbs and nouns.
            let words: Vec<&str> = said.split(|letter: char| !letter.is_alphanumeric()).collect();
            for pair in words.windows(2).filter(|pair| pair[0] == "1") {
                let plural = [
                    "are",
                    "do",
                    "concern",
                    "were",
                    "have",
                    "wait",
                    "stay",
                    "duties",
                    "resources",
                    "findings",
                    "commitments",
                    "services",
                ];
                assert!(!plural.contains(&pair[1]), "1 {} in {what}", pair[1]);
            }
            // A sentence begins with a capital, at the beginning of a paragraph and within.
            if matches!(tag.as_str(), "p" | "li" | "h2" | "h3" | "h4") {
                let first = said.chars().next().unwrap_or('A');
                assert!(!first.is_lowercase(), "small begin of {what}");
            }
            let abbreviations = ["e.g. ", "i.e. ", "vs. "];
            let plain = abbreviations.iter().fold(said.clone(), |said, short| said.replace(short, ""));
            let mut sentences = plain.split(". ").skip(1);
            assert!(
                !sentences.any(|sentence| sentence.starts_with(char::is_lowercase)),
                "small sentence in {what}"
            );
            for phrase in [
                "ways of running",
                "Excuses",
                "The same for",
                "for what is run",
                "guest os",
                "aws material",
            ] {
                assert!(!said.contains(phrase), "{phrase} in {what}");
            }
        }
        for line in markdown.lines() {
            let what = format!("{name}: {line:.200}");
            assert!(!line.contains("<!--"), "a comment of the program in {what}");
            assert!(!line.contains("****"), "{what}");
            assert!(line.matches("&nbsp;").count() == 0, "{what}");
            assert!(
                line.starts_with('|') || line.starts_with('#') || line.len() < 700,
                "{} bytes: {what}",
                line.len()
            );
        }
    }
}

/// Requirements in the columns of their layouts, as documents.
fn laid_out() -> impl Iterator<Item = (String, String)> {
    let list = std::fs::read_to_string(root().join("tests/layouts.txt")).unwrap();
    let lines: Vec<String> = list.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect();
    lines.into_iter().map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let path = root().join("inventories").join(words[1]);
        let mut arguments = vec![
            "requirements",
            words[0],
            path.to_str().unwrap(),
            "--layout",
            words[2],
            "-o",
            "r.html",
        ];
        arguments.extend(&words[3..]);
        let folder = Folder::new();
        folder.run(&arguments).well();
        (line.clone(), folder.read("r.html"))
    })
}

#[test]
fn a_layout_on_paper_tells_each_half_and_in_sentences() {
    let mut halves = 0;
    for (name, html) in laid_out() {
        for (tag, said) in texts(&html) {
            let what = format!("{name}, {tag}: {said:.200}");
            if tag == "td" {
                // What a colon announces follows it.
                assert!(!said.ends_with(':') && !said.contains(":;") && !said.contains(": and "), "{what}");
                // A sentence, and not a word such as a type.
                let small = said.starts_with(char::is_lowercase);
                assert!(!small || said.split(' ').count() < 4, "small begin of {what}");
                let head = said.find("Inherited: ").is_some() && said.contains("Customer's: ");
                halves += usize::from(head);
            }
        }
    }
    assert!(halves > 50, "{halves} cells with both halves");
}

#[test]
fn whoever_hands_over_or_takes_over_begins_with_the_handover_at_a_glance() {
    let path = root().join("inventories/payments");
    let begins = |party: Option<&str>| {
        let folder = Folder::new();
        let mut arguments = vec!["report", path.to_str().unwrap(), "--edition", "handover", "-o", "r.html"];
        arguments.extend(party.into_iter().flat_map(|party| ["--party", party]));
        folder.run(&arguments).well();
        let html = folder.read("r.html");
        let first = texts(&html).into_iter().find(|(tag, _)| tag == "h2").unwrap().1;
        // The picture is of what moves and what stays, as the sentence above it.
        assert_eq!(first.contains("at a glance"), html.contains("What moves: "), "{party:?}");
        first
    };
    for (party, glance) in [
        (None, true),
        (Some("northwind"), true),
        (Some("platform"), true),
        (Some("security"), false),
        (Some("payments"), false),
    ] {
        assert_eq!(begins(party).contains("The handover at a glance"), glance, "{party:?}");
    }
}

#[test]
fn a_finding_leads_to_its_duty() {
    for example in EXAMPLES {
        for edition in ["audit", "handover"] {
            let path = root().join("inventories").join(example);
            let folder = Folder::new();
            folder
                .run(&[
                    "report",
                    path.to_str().unwrap(),
                    "--edition",
                    edition,
                    "-o",
                    "r.json",
                    "-o",
                    "r.html",
                ])
                .well();
            let report: Value = serde_json::from_str(&folder.read("r.json")).unwrap();
            let html = folder.read("r.html");
            let handover = &report["handover"];
            let is_cut = edition == "handover" && handover["planned"] == true;
            let mut led = 0;
            for finding in list(&report, "findings") {
                let Some(duty) = finding["duty"].as_str() else { continue };
                let is_open = list(handover, "open").contains(&finding["id"]);
                if is_cut && !is_open || edition == "handover" && !is_cut {
                    continue;
                }
                led += 1;
                let what = format!("{example} {edition}: {duty}");
                assert!(html.contains(&format!("href=\"#{duty}\"")), "nothing leads to {what}");
                assert_eq!(html.matches(&format!("id=\"{duty}\"")).count(), 1, "{what}");
            }
            assert!(led > 0 || example != "payments", "{example} {edition}");
        }
    }
}

#[test]
fn a_phone_shows_whose_and_how_it_stands() {
    for (name, _, html) in documents() {
        for kind in ["findings", "worst", "open-items", "moves", "access", "parties", "call"] {
            for table in html.split(&format!("<div class=\"table {kind}")).skip(1) {
                let table = table.split("</table>").next().unwrap();
                let rows = table.split("<tr").skip(2).filter(|row| !row.contains("class=\"band\""));
                for row in rows {
                    let cells = row.matches("<td").count();
                    assert!(row.matches("data-label=").count() + 1 >= cells, "{name} {kind}: {row:.300}");
                }
            }
        }
    }
}
