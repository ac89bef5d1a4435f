//! Files on the disks of real machines: owners and modes, full disks, folders that are shut, programs that are killed.

use crate::files::{QUICK, all, state};
use crate::support::Folder;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::process::{Command, Stdio};

/// Runs a line of a shell here; `$CLOUDRACI` is the program. The code and standard error.
pub(crate) fn shell(folder: &Folder, line: &str) -> (i32, String) {
    let output = Command::new("bash")
        .args(["-c", line])
        .current_dir(folder.path(""))
        .env("CLOUDRACI", env!("CARGO_BIN_EXE_cloudraci"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (output.status.code().unwrap_or(-1), String::from_utf8(output.stderr).unwrap())
}

/// What cannot be tried on this machine must not pass unseen.
fn untested(what: &str, why: &str) {
    // Written past the harness, which keeps what tests print to itself.
    let line = format!("\nNOT TESTED HERE: {what}: {why}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

fn is_root() -> bool {
    let folder = Folder::new();
    std::fs::metadata(folder.path("")).unwrap().uid() == 0
}

fn mode(folder: &Folder, name: &str) -> u32 {
    std::fs::metadata(folder.path(name)).unwrap().mode() & 0o7777
}

#[test]
fn owner_and_mode_of_what_is_written_again_stay() {
    let folder = Folder::golden().with("prod.tfstate", state("orders"));
    let commands: [(&[&str], &[&str]); 6] = [
        (
            &["report", "-o", "r.md", "-o", "r.csv", "-o", "r.pdf"],
            &["r.md", "r.csv", "r.pdf", "r-assurance.svg"],
        ),
        (&["report", "-o", "out/"], &["out/report.html", "out/report.md"]),
        (&["import", "prod.tfstate", "-o", "i.yaml"], &["i.yaml"]),
        (&["pack", "--edition", "review", "--format", "csv", "-o", "p.zip"], &["p.zip"]),
        (
            &["pack", "--edition", "review", "--format", "markdown", "-o", "p"],
            &["p", "p/manifest.json", "p/review", "p/review/report.md"],
        ),
        (&["schema", "report", "-o", "s.json"], &["s.json"]),
    ];
    let root = is_root();
    if !root {
        untested("that the owner stays", "only root gives files away");
    }
    for (command, outputs) in commands {
        folder.run(command).well();
        for modes in [[0o600, 0o700], [0o640, 0o750], [0o444, 0o755], [0o666, 0o777]] {
            let wanted = |name: &str| modes[usize::from(folder.path(name).is_dir())];
            for name in outputs {
                std::fs::set_permissions(folder.path(name), std::fs::Permissions::from_mode(wanted(name))).unwrap();
                if root {
                    chown(folder.path(name), Some(1000), Some(1001)).unwrap();
                }
            }
            folder.run(command).well();
            for name in outputs {
                assert_eq!(mode(&folder, name), wanted(name), "{name} {command:?}");
                let of = std::fs::metadata(folder.path(name)).unwrap();
                assert!(!root || (of.uid(), of.gid()) == (1000, 1001), "{name} {command:?}");
            }
        }
    }
}

#[test]
fn a_new_file_has_what_the_umask_leaves() {
    for (umask, file, inner) in [("027", 0o640, 0o750), ("077", 0o600, 0o700), ("022", 0o644, 0o755)] {
        let folder = Folder::golden();
        let quick = QUICK.join(" ");
        let line = format!(
            "umask {umask}; \"$CLOUDRACI\" report -o r.csv && \"$CLOUDRACI\" pack -o p {quick} && \"$CLOUDRACI\" pack -o p.zip {quick}"
        );
        assert_eq!(shell(&folder, &line).0, 0);
        for name in ["r.csv", "p.zip", "p/manifest.json", "p/review/report.md"] {
            assert_eq!(mode(&folder, name), file, "{name}");
        }
        assert_eq!([mode(&folder, "p"), mode(&folder, "p/review")], [inner; 2]);
    }
}

#[test]
fn several_outputs_are_placed_together_or_not_at_all() {
    let folder = Folder::golden().with("a.csv", "old").with("a.json", "old");
    let before = all(&folder);
    // The last one is a full disk, and standard output is one.
    for line in [
        "\"$CLOUDRACI\" report -o a.csv -o a.json -o new/b.html --format markdown -o /dev/full",
        "\"$CLOUDRACI\" report -o a.csv -o a.json -o new/deep/b.md --format html -o - > /dev/full",
        "\"$CLOUDRACI\" report -o a.csv -o a.json -o new/b.md -o inventory.yaml/x.html",
    ] {
        let (code, errors) = shell(&folder, line);
        assert_eq!(code, 3, "{line}: {errors}");
        assert!(errors.contains("error[cannot-write]"), "{line}: {errors}");
        assert_eq!(before, all(&folder), "{line}");
    }
    // A reader that has enough is no failure.
    let (code, errors) = shell(
        &folder,
        "\"$CLOUDRACI\" report -o a.csv -o - | head -c 10 > /dev/null; exit ${PIPESTATUS[0]}",
    );
    assert_eq!(code, 0, "{errors}");
    assert_ne!(folder.read("a.csv"), "old");
    // Two outputs that are one file, and should differ.
    std::os::unix::fs::symlink("a.json", folder.path("b.html")).unwrap();
    let before = all(&folder);
    folder.refuses(&["report", "-o", "a.json", "-o", "b.html"], 2, "two different outputs");
    assert_eq!(before, all(&folder));
    folder.run(&["report", "-o", "a.json", "-o", "./a.json"]).well();
}

#[test]
fn a_full_disk_leaves_everything_as_it_was() {
    let folder = Folder::golden().with("prod.tfstate", state("orders"));
    let quick = QUICK.join(" ");
    let commands = [
        "report -o r.md -o r.csv -o new/r.json".to_owned(),
        format!("pack -o p {quick}"),
        format!("pack -o p.zip {quick}"),
        "schema report -o s.json".to_owned(),
        "import prod.tfstate -o i.yaml".to_owned(),
    ];
    for command in &commands {
        assert_eq!(shell(&folder, &format!("\"$CLOUDRACI\" {command}")).0, 0, "{command}");
    }
    std::fs::remove_dir_all(folder.path("new")).unwrap();
    folder.put("prod.tfstate", state("ledger"));
    let before = all(&folder);
    for command in &commands {
        // No file may be longer than 8 KiB, or than nothing: the same error as that of a full disk, for any user.
        let has_date = !command.starts_with("schema") && !command.starts_with("import");
        let date = if has_date { "--as-of 2026-12-24" } else { "" };
        let length = if command.starts_with("import") { 0 } else { 8 };
        let line = format!("trap '' XFSZ; ulimit -f {length}; \"$CLOUDRACI\" {command} {date} 2> >(cat >&2)");
        let (code, errors) = shell(&folder, &line);
        assert_eq!(code, 3, "{command}: {errors}");
        assert!(errors.contains("error[cannot-write]"), "{command}: {errors}");
        assert_eq!(before, all(&folder), "{command}");
    }
    // A file system of its own that is full.
    std::fs::create_dir(folder.path("small")).unwrap();
    let (mounted, why) = shell(&folder, "mount -t tmpfs -o size=64k tmpfs small");
    if mounted != 0 {
        return untested("a file system that is full", &why);
    }
    let (first, _) = shell(&folder, "\"$CLOUDRACI\" init small");
    let (code, errors) = shell(&folder, "\"$CLOUDRACI\" report -o small/a.csv -o small/b.html -o small/c.json");
    let (packed, packing) = shell(&folder, &format!("\"$CLOUDRACI\" pack -o small/p {quick}"));
    // An import is small: what is left of the disk is filled first.
    let (imported, importing) = shell(
        &folder,
        "head -c 1000000 /dev/zero > small/filler 2>/dev/null; \"$CLOUDRACI\" import prod.tfstate -o small/i.yaml; code=$?; rm small/filler; exit $code",
    );
    let left = shell(&folder, "ls -A small >&2").1;
    assert_eq!(shell(&folder, "umount small").0, 0);
    assert_eq!(
        (first, code, packed, imported, left.as_str()),
        (0, 3, 3, 3, "inventory.yaml\n"),
        "{errors}{packing}{importing}"
    );
    assert!(
        errors.contains("error[cannot-write]") && packing.contains("error[cannot-write]"),
        "{errors}{packing}"
    );
}

#[test]
fn a_folder_that_may_not_be_written_to_is_told() {
    let folder = Folder::golden().with("shut/r.csv", "old");
    // Root may write anywhere: somebody else tries.
    let other = if is_root() {
        "setpriv --reuid 65534 --regid 65534 --clear-groups "
    } else {
        ""
    };
    std::fs::set_permissions(folder.path(""), std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::set_permissions(folder.path("shut"), std::fs::Permissions::from_mode(0o555)).unwrap();
    let (tried, why) = shell(&folder, &format!("{other}\"$CLOUDRACI\" report > /dev/null"));
    if tried != 0 {
        return untested("a folder that may not be written to", &why);
    }
    let before = all(&folder);
    for command in [
        "report -o shut/r.csv",
        "report -o shut/new.csv",
        "report -o shut/deep/",
        "pack -o shut/p",
        "pack -o shut/p.zip",
        "init shut",
        "templates eject shut",
    ] {
        let (code, errors) = shell(&folder, &format!("{other}\"$CLOUDRACI\" {command}"));
        assert_eq!(code, 3, "{command}: {errors}");
        assert!(errors.contains("error[cannot-write]"), "{command}: {errors}");
        assert_eq!(before, all(&folder), "{command}");
    }
    std::fs::set_permissions(folder.path("shut"), std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// How often a call is killed at most: a run makes fewer of them.
const MOST_CALLS: usize = 40;

/// Kills the program at each call that moves, makes, locks or removes something; where two names can change places at
/// once, and where they cannot.
#[test]
fn killed_at_any_step_old_or_new_stands_and_the_next_run_tidies_up() {
    let before = Folder::golden();
    let (traced, why) = shell(&before, "strace -f -o /dev/null -e trace=rename true");
    if traced != 0 {
        return untested("that a run that is killed leaves old or new", &format!("strace is needed: {why}"));
    }
    let pack = "pack -o d/p --edition review --format csv";
    let report = "report -o d/r.csv -o d/r.json";
    assert_eq!(shell(&before, &format!("\"$CLOUDRACI\" {pack} && \"$CLOUDRACI\" {report}")).0, 0);
    let old = all(&before);
    let names = |all: &[(String, Vec<u8>)]| all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let exchange = ["", "rename", "renameat2", "mkdir", "unlink", "unlinkat", "rmdir", "fsync", "flock"].map(|call| ("", call));
    let without = ["rename", "link", "linkat", "unlinkat"].map(|call| ("-e inject=renameat2:error=EINVAL", call));
    let mut killed = std::collections::BTreeMap::new();
    for (how, call) in exchange.into_iter().chain(without).filter(|(_, call)| !call.is_empty()) {
        for number in 1..MOST_CALLS {
            let of = Folder::new();
            for (name, bytes) in &old {
                if before.path(name).is_dir() {
                    std::fs::create_dir(of.path(name)).unwrap();
                } else {
                    of.put(name, bytes);
                }
            }
            let inject = format!("strace -f -o /dev/null {how} -e inject={call}:signal=SIGKILL:when={number} \"$CLOUDRACI\"");
            let (packed, _) = shell(&of, &format!("{inject} {pack} --as-of 2026-12-24"));
            let stands = of.path("d/p/manifest.json").exists();
            assert!(stands || !how.is_empty(), "{call} {number}: neither old nor new");
            // Looking for it is enough to get it back.
            of.run(&["verify", "d/p"]).fine();
            let (reported, _) = shell(&of, &format!("{inject} {report} --as-of 2026-12-24"));
            for name in ["d/r.csv", "d/r.json"] {
                let whole = of.read(name);
                assert!(
                    whole == before.read(name) || whole.contains("2026-12-24") || name.ends_with("csv"),
                    "{call} {number}: {name}"
                );
                assert!(whole.len() > 1000, "{call} {number}: {name}");
            }
            // The next run of any kind that writes there leaves no litter.
            of.run(&["schema", "report", "-o", "d/s.json"]).well();
            std::fs::remove_file(of.path("d/s.json")).unwrap();
            assert_eq!(names(&old), names(&all(&of)), "{how} {call} {number}");
            let ends = [packed, reported].iter().filter(|code| **code != 0).count();
            *killed.entry((how, call)).or_insert(0) += ends;
            if ends == 0 {
                break;
            }
            assert!(number + 1 < MOST_CALLS, "{call} is called more often");
        }
    }
    for step in [
        ("", "renameat2"),
        ("", "mkdir"),
        ("", "fsync"),
        ("", "flock"),
        ("-e inject=renameat2:error=EINVAL", "rename"),
    ] {
        assert!(killed[&step] > 1, "{step:?} was never reached: {killed:?}");
    }
}
