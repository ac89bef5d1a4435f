//! One round: the program run on an input by each of a target's commands, and what must hold of it.

use super::targets::Target;
use crate::support::Folder;
use std::fs::File;
use std::io::Read as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What stands where a command writes.
pub(super) const FORMER: &str = "\"former\"\n";

/// Time of a processor for each MB of input, and for what has less: that of the clock is the machine's affair.
const TIME: Duration = Duration::from_secs(10);

/// How much more of the clock's time may pass, where others have the processors: what waits for ever ends, too.
const PATIENCE: u32 = 30;

/// The signals by which the system ends what has used up its time: SIGXCPU and SIGKILL.
const TIME_IS_UP: [i32; 2] = [24, 9];

/// Memory that a process may write to, in KiB: 1 GB.
const MEMORY: u64 = 1_000_000_000 / 1024;

/// A file to be read.
pub(super) struct Input {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    /// Whether a token stands in it that is known for one.
    pub(super) is_planted: bool,
}

/// Whether all of a target's commands end well on some inputs together.
pub(super) fn judged(target: &Target, inputs: &[Input]) -> Result<(), String> {
    let folder = Folder::new();
    (target.around)(&folder);
    let mut paths = Vec::new();
    for (number, input) in inputs.iter().enumerate() {
        let path = target.place.replace("{n}", &number.to_string()).replace("{name}", &input.name);
        folder.put(&path, &input.bytes);
        paths.push(path);
    }
    let megabytes = inputs.iter().map(|input| input.bytes.len()).sum::<usize>() / 1_000_000;
    let limit = TIME * u32::try_from(megabytes + 1).unwrap();
    let is_planted = inputs.iter().any(|input| input.is_planted);
    for command in target.commands {
        let mut arguments = Vec::new();
        for word in *command {
            match *word {
                "{}" => arguments.extend(paths.iter().cloned()),
                "{each}" => arguments.extend(paths.iter().flat_map(|path| [(*target.option).to_owned(), path.clone()])),
                word => arguments.push(word.to_owned()),
            }
        }
        let outputs: Vec<String> = arguments
            .windows(2)
            .filter(|pair| pair[0] == "-o")
            .map(|pair| pair[1].clone())
            .collect();
        // An import renews what stands there, and nothing does here.
        let has_former = arguments[0] != "import";
        for output in outputs.iter().filter(|_| has_former) {
            folder.put(output, FORMER);
        }
        let others: Vec<String> = folder.files().into_iter().filter(|name| !outputs.contains(name)).collect();
        let ended = ended(env!("CARGO_BIN_EXE_cloudraci"), &arguments, &folder, limit);
        ended
            .and_then(|ended| {
                ended.well(is_planted)?;
                if ended.code() > 1 {
                    kept(&folder, &outputs, has_former)
                } else {
                    Ok(())
                }
            })
            .and_then(|()| whole(&folder, &outputs, &others, has_former))
            .and_then(|()| if target.has_ends { Ok(()) } else { complete(&folder, &outputs) })
            .and_then(|()| if is_planted { silent(&folder, &outputs) } else { Ok(()) })
            .map_err(|why| format!("{arguments:?}: {why}"))?;
        for output in &outputs {
            let _ = std::fs::remove_file(folder.path(output));
        }
    }
    Ok(())
}

/// How a process ended.
pub(super) struct Ended {
    status: ExitStatus,
    said: String,
    out: Vec<u8>,
}

/// Runs a program in a folder until it ends; within 1 GB of memory where the system keeps to such a limit. `limit` is the time
/// of a processor that it may use.
pub(super) fn ended(program: &str, arguments: &[String], folder: &Folder, limit: Duration) -> Result<Ended, String> {
    let beside = TempDir::new().unwrap();
    let file = |name: &str| File::create(beside.path().join(name)).unwrap();
    let mut child = Command::new("sh")
        .args([
            "-c",
            &format!("ulimit -t {}; ulimit -d {MEMORY} 2>/dev/null; exec \"$0\" \"$@\"", limit.as_secs()),
            program,
        ])
        .args(arguments)
        .current_dir(folder.path(""))
        .env_remove("SOURCE_DATE_EPOCH")
        .stdin(Stdio::null())
        .stdout(file("out"))
        .stderr(file("err"))
        .spawn()
        .unwrap();
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > limit * PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("it waited longer than {:?}", limit * PATIENCE));
        }
        std::thread::sleep(Duration::from_millis(3));
    };
    if status.signal().is_some_and(|signal| TIME_IS_UP.contains(&signal)) {
        return Err(format!("it took longer than {limit:?}"));
    }
    let read = |name: &str| {
        let mut bytes = Vec::new();
        // What is said has a limit of its own.
        File::open(beside.path().join(name))
            .unwrap()
            .take(64 << 20)
            .read_to_end(&mut bytes)
            .unwrap();
        bytes
    };
    Ok(Ended {
        status,
        said: String::from_utf8_lossy(&read("err")).into_owned(),
        out: read("out"),
    })
}

impl Ended {
    fn code(&self) -> i32 {
        self.status.code().unwrap_or(-1)
    }

    /// That the process ended by itself and as the manual says.
    pub(super) fn well(&self, is_planted: bool) -> Result<(), String> {
        let said = &self.said;
        if let Some(signal) = self.status.signal() {
            return Err(format!("ended by signal {signal}: {said:.2000}"));
        }
        for word in [
            "panicked",
            "cloudraci has failed",
            "memory allocation",
            "error[out-of-memory]",
            "memory exhausted",
            "cannot allocate memory",
        ] {
            if said.contains(word) {
                return Err(format!("{word}: {said:.2000}"));
            }
        }
        if !(0..=3).contains(&self.code()) {
            return Err(format!("it ended with code {}: {said:.2000}", self.code()));
        }
        if said.len() > 8 << 20 {
            return Err(format!("it said {} bytes", said.len()));
        }
        if is_planted {
            quiet("standard error", said.as_bytes())?;
            quiet("standard output", &self.out)?;
        }
        Ok(())
    }
}

/// That outputs are as they were.
fn kept(folder: &Folder, outputs: &[String], has_former: bool) -> Result<(), String> {
    for output in outputs {
        let is_former = match std::fs::read(folder.path(output)) {
            Ok(bytes) => has_former && bytes == FORMER.as_bytes(),
            Err(_) => !has_former,
        };
        if !is_former {
            return Err(format!("`{output}` is not as it was, although the program failed"));
        }
    }
    Ok(())
}

/// That outputs are all former or all new, and that nothing else was written.
pub(super) fn whole(folder: &Folder, outputs: &[String], others: &[String], has_former: bool) -> Result<(), String> {
    let files = folder.files();
    if let Some(litter) = files
        .iter()
        .find(|name| !outputs.contains(name) && !others.contains(name) && !is_picture(name))
    {
        return Err(format!("`{litter}` lies about"));
    }
    if let Some(gone) = others.iter().find(|name| !files.contains(name)) {
        return Err(format!("`{gone}` is gone"));
    }
    let mut new = 0;
    for output in outputs {
        let Ok(bytes) = std::fs::read(folder.path(output)) else {
            if has_former {
                return Err(format!("`{output}` is gone"));
            }
            continue;
        };
        if bytes == FORMER.as_bytes() {
            continue;
        }
        new += 1;
    }
    if new != 0 && new != outputs.len() {
        return Err("some outputs are new, and others are not".to_owned());
    }
    Ok(())
}

/// That each output goes on to its end, as the program's own templates have it.
pub(super) fn complete(folder: &Folder, outputs: &[String]) -> Result<(), String> {
    for output in outputs {
        let Ok(bytes) = std::fs::read(folder.path(output)) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        let is_whole = match output.rsplit('.').next() {
            _ if bytes == FORMER.as_bytes() => true,
            Some("json") => serde_json::from_str::<serde_json::Value>(&text).is_ok(),
            Some("html") => text.trim_end().ends_with("</html>"),
            _ => text.ends_with('\n'),
        };
        if !is_whole {
            return Err(format!("`{output}` is half written"));
        }
    }
    Ok(())
}

/// Pictures of a document lie beside it.
fn is_picture(name: &str) -> bool {
    name.starts_with("out/") && name.ends_with(".svg")
}

fn silent(folder: &Folder, outputs: &[String]) -> Result<(), String> {
    for output in outputs {
        if let Ok(bytes) = std::fs::read(folder.path(output)) {
            quiet(output, &bytes)?;
        }
    }
    Ok(())
}

/// That the token is not in what was written.
fn quiet(name: &str, bytes: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(bytes);
    match text.to_lowercase().find("zqcanary") {
        Some(at) => {
            let around: String = text
                .chars()
                .skip(text.get(..at).unwrap_or_default().chars().count().saturating_sub(200))
                .take(300)
                .collect();
            Err(format!("the canary is in {name}: {around}"))
        }
        None => Ok(()),
    }
}
