//! `cloudraci catalog site`: the catalog as pages to browse.

use crate::support::{Folder, activities, list, text};
use scraper::{Html, Selector};
use std::collections::{BTreeMap, BTreeSet};

fn site(folder: &Folder, more: &[&str]) -> BTreeMap<String, String> {
    folder.run(&[&["catalog", "site", "-o", "site"], more].concat()).well();
    let files = folder.files().into_iter().filter(|file| file.starts_with("site/"));
    files
        .map(|file| {
            let text = folder.read(&file);
            (file["site/".len()..].to_owned(), text)
        })
        .collect()
}

fn all<'p>(page: &'p Html, selector: &str) -> Vec<scraper::ElementRef<'p>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

#[test]
fn every_service_and_mode_has_a_page_and_every_link_leads_somewhere() {
    let folder = Folder::new();
    let pages = site(&folder, &[]);
    let services = folder.run(&["catalog", "list", "--format", "json"]).json();
    let mut expected = BTreeSet::from(["index.html".to_owned()]);
    for service in services.as_array().unwrap() {
        let id = text(service, "service");
        expected.insert(format!("services/{id}.html"));
        let modes = list(service, "modes").iter().map(|mode| mode.as_str().unwrap());
        expected.extend(modes.map(|mode| format!("services/{id}--{mode}.html")));
    }
    assert_eq!(pages.keys().cloned().collect::<BTreeSet<_>>(), expected);

    let (mut links, mut ids) = (Vec::new(), BTreeMap::new());
    for (path, text) in &pages {
        let page = Html::parse_document(text);
        let named: Vec<String> = all(&page, "[id]").iter().map(|one| one.attr("id").unwrap().to_owned()).collect();
        let unique: BTreeSet<String> = named.iter().cloned().collect();
        assert_eq!(named.len(), unique.len(), "{path}: an id stands twice");
        for link in all(&page, "a[href]") {
            let to = link.attr("href").unwrap();
            if !to.starts_with("https://") {
                let (file, anchor) = to.split_once('#').unwrap_or((to, ""));
                let file = match (file, path.split_once('/')) {
                    ("", _) => path.clone(),
                    (file, Some((folder, _))) => file.strip_prefix("../").map_or_else(|| format!("{folder}/{file}"), str::to_owned),
                    (file, None) => file.to_owned(),
                };
                links.push((path.clone(), file, anchor.to_owned()));
            }
        }
        ids.insert(path.clone(), unique);
    }
    assert!(links.len() > 1_000);
    for (from, to, anchor) in links {
        let there = ids.get(&to).unwrap_or_else(|| panic!("{from}: {to} is not there"));
        assert!(anchor.is_empty() || there.contains(&anchor), "{from}: {to}#{anchor}");
    }
}

#[test]
fn a_page_tells_all_that_the_catalog_says_of_a_service() {
    let folder = Folder::new();
    let pages = site(&folder, &[]);
    for (name, path) in [("rds", "services/rds.html"), ("ecs/fargate", "services/ecs--fargate.html")] {
        let split = folder.run(&["catalog", "show", name, "--format", "json"]).json();
        let page = Html::parse_document(&pages[path]);
        let shown: String = page.root_element().text().collect();
        for (_, activity) in activities(&split) {
            for field in ["does", "how", "evidence", "source_title"] {
                let told = activity[field].as_str().unwrap_or_default().replace('`', "");
                assert!(shown.contains(&told), "{path}: {told}");
            }
            let id = text(activity, "id");
            assert!(pages[path].contains(&format!("id=\"{id}\"")), "{path}: {id}");
        }
        let types: Vec<String> = all(&page, "h2 .badge").iter().map(|badge| badge.text().collect()).collect();
        let expected = list(&split, "controls")
            .iter()
            .map(|control| control["type"].as_str().unwrap_or("does not apply"));
        assert_eq!(types, expected.collect::<Vec<_>>());
    }
}

#[test]
fn pages_need_nothing_but_themselves_and_are_the_same_again() {
    let folder = Folder::new();
    let pages = site(&folder, &[]);
    assert_eq!(site(&folder, &[]), pages);
    for (path, text) in &pages {
        let page = Html::parse_document(text);
        let policy = all(&page, "meta[http-equiv=Content-Security-Policy]")[0].attr("content").unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{path}: {policy}"
        );
        assert_eq!(policy.contains("script-src"), path == "index.html", "{path}");
        for element in all(&page, "*") {
            for (name, _) in element.value().attrs() {
                assert!(name != "style" && name != "src" && !name.starts_with("on"), "{path}: {name}");
            }
            assert!(
                !["link", "iframe", "img", "form", "base"].contains(&element.value().name()),
                "{path}"
            );
        }
        assert_eq!(all(&page, "h1").len(), 1, "{path}");
    }
}

const OWN: &str = "id: our-thing\nname: \"Our <script>alert(1)</script> thing\"\ncategory: other\nmodel: managed-platform\n\
    about: \"A `thing` & \\\"more\\\" of ours\"\nreason: ours\n\
    aliases: {names: [our-thing], terraform: [], cloudformation: [], config: [], arn: [], iam: []}\n\
    sources:\n  bad: {url: \"https://example.com/a?b&c\", title: \"<b>page</b>\", reviewed: \"2026-11-01\"}\n\
    controls:\n  backup:\n    customer:\n      - {id: keep, does: \"Keeps <i>it</i>\", default: build, how: \"Press `<b>`\", cadence: at each change, evidence: \"A record\", source: bad}\n";

#[test]
fn text_of_an_overlay_never_becomes_markup() {
    let folder = Folder::new().with("own/services/our-thing.yaml", OWN);
    let pages = site(&folder, &["--catalog", "own"]);
    let page = &pages["services/our-thing.html"];
    assert!(page.contains("Our &lt;script&gt;"), "{page:.3000}");
    assert!(page.contains("Keeps &lt;i&gt;it&lt;/i&gt;") && page.contains("<code>&lt;b&gt;</code>"));
    assert!(page.contains("href=\"https://example.com/a?b&amp;c\">&lt;b&gt;page&lt;/b&gt;</a>"));
    assert!(pages["index.html"].contains("services/our-thing.html"));
}

#[test]
fn templates_of_ones_own_change_the_pages() {
    let own = "{% extends \"builtin/site/frame.html\" %}\n{% block footer %}<footer><p>Ours</p></footer>{% endblock footer %}\n";
    let folder = Folder::new().with("looks/site/frame.html", own);
    let pages = site(&folder, &["--templates", "looks"]);
    assert!(pages["services/rds.html"].contains("<footer><p>Ours</p></footer>"));
    folder.put("looks/site/index.html", "{{ site.no_such_field }}");
    folder.refuses(
        &["catalog", "site", "-o", "other", "--templates", "looks"],
        1,
        "looks/site/index.html",
    );
    assert!(!folder.path("other").exists());
    folder.refuses(&["catalog", "site", "-o", "-"], 2, "several files");
}
