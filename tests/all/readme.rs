//! The README's two commands.

use crate::support::{Folder, repository, root};
use clap::Parser as _;
use cloudraci::cli::{Cli, Command};
use std::collections::BTreeSet;

/// The README's shell blocks: the commands of each, without prompts and comments.
fn blocks() -> Vec<Vec<String>> {
    let readme = repository("README.md");
    let mut blocks: Vec<Vec<String>> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        match line.trim() {
            "```sh" | "```console" if !inside => {
                blocks.push(Vec::new());
                inside = true;
            }
            "```" => inside = false,
            line if inside => {
                let command = line.trim_start_matches("$ ").split(" #").next().unwrap().trim();
                blocks
                    .last_mut()
                    .unwrap()
                    .extend(Some(command.to_owned()).filter(|command| !command.is_empty()));
            }
            _ => {}
        }
    }
    blocks
}

/// The two commands that begin the README, and the only ones for Cargo.
fn commands() -> [String; 2] {
    let blocks = blocks();
    let for_cargo = |block: &Vec<String>| block.iter().any(|command| command.starts_with("cargo "));
    assert_eq!(
        blocks.iter().filter(|block| for_cargo(block)).count(),
        2,
        "README.md has the two commands, each in a block of its own: {blocks:?}"
    );
    let [first, second, ..] = blocks.as_slice() else {
        panic!("two blocks: {blocks:?}")
    };
    let ([first], [second]) = (first.as_slice(), second.as_slice()) else {
        panic!("one command each: {blocks:?}")
    };
    [first.clone(), second.clone()]
}

#[test]
fn every_command_of_the_readme_is_one() {
    let own: Vec<String> = blocks()
        .into_iter()
        .flatten()
        .filter(|command| command.starts_with("cloudraci "))
        .collect();
    assert!(!own.is_empty());
    for command in own {
        Cli::try_parse_from(words(&command)).unwrap_or_else(|error| panic!("{command}: {error}"));
    }
}

fn words(command: &str) -> Vec<&str> {
    command.split_whitespace().collect()
}

#[test]
fn the_first_command_leaves_a_report_in_three_formats() {
    let command = &commands()[0];
    let words = words(command);
    let split = words
        .iter()
        .position(|word| *word == "--")
        .unwrap_or_else(|| panic!("cargo's words, --, cloudraci's words: {command}"));
    let (cargo, own) = (&words[..split], &words[split + 1..]);
    assert_eq!(cargo[..2], ["cargo", "run"]);
    assert!(cargo.contains(&"--release"), "the build that the tests share: {command}");
    let Command::Report(report) = Cli::parse_from([&["cloudraci"][..], own].concat()).command else {
        panic!("no report: {command}")
    };
    assert!(
        report.inputs.paths.iter().all(|path| root().join(path).exists()) && !report.inputs.paths.is_empty(),
        "{command}"
    );

    // The same, but for the place of inputs and outputs.
    let folder = Folder::new();
    let mut arguments: Vec<String> = vec!["report".into()];
    arguments.extend(
        report
            .inputs
            .paths
            .iter()
            .map(|path| root().join(path).to_str().unwrap().to_owned()),
    );
    for output in &report.output {
        let written = output.to_str().unwrap();
        let here = folder.path(written.trim_start_matches('/'));
        let slash = if written.ends_with('/') { "/" } else { "" };
        arguments.extend(["-o".into(), format!("{}{slash}", here.display())]);
    }
    let formats = report
        .format
        .iter()
        .map(|format| clap::ValueEnum::to_possible_value(format).unwrap().get_name().to_owned());
    formats.for_each(|format| arguments.extend(["--format".into(), format]));
    let run = folder.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    run.fine();
    let files = folder.files();
    let endings: BTreeSet<&str> = files.iter().filter_map(|file| file.rsplit('.').next()).collect();
    assert!(
        ["pdf", "html", "md"].iter().all(|ending| endings.contains(ending)),
        "{:?}",
        folder.files()
    );
}

#[test]
fn the_second_command_runs_all_tests_in_the_same_build() {
    let command = &commands()[1];
    let words = words(command);
    assert_eq!(words[..2], ["cargo", "test"], "{command}");
    assert!(words.contains(&"--release"), "{command}");
    assert!(repository(".ci/run").contains(command.as_str()), "CI runs the very same command");
}
