//! Zip archives, such as Kaggle downloads. Their files are read as streams, so an archive of many gigabytes takes no
//! more memory than a small one.

use std::{
    fs::File,
    io::{BufRead, BufReader, Seek, SeekFrom},
    ops::ControlFlow,
};

use zip::{CompressionMethod, ZipArchive};

use super::{
    expansion::{BOMB, Guarded, is_excessive},
    unpack::{Unpacked, unpack},
};
use crate::import::{
    error::Reject,
    printable::printable,
    progress::{Counting, Progress},
};

type Zip = ZipArchive<BufReader<Counting<File>>>;

/// The maximum number of unreadable files that are reported for one archive.
const MOST_REPORTED: usize = 100;

/// An open archive.
pub(in crate::import) struct Archive {
    zip: Zip,
    progress: Progress,
}

/// The result of visiting the files of an archive.
#[derive(Debug, Default)]
pub(in crate::import) struct Visited {
    /// The number of files whose records were read.
    pub read: usize,
    /// Files that cannot be read: the name, safe to print, and the rest of a sentence after "is": what it is and what to do.
    pub refused: Vec<(String, String)>,
}

impl Archive {
    /// Opens an archive. The error says what is wrong with it, after "is".
    pub(super) fn open(file: File, progress: &Progress) -> Result<Self, String> {
        let size = file.metadata().map_or(0, |facts| facts.len());
        let mut reader = BufReader::new(progress.counting(file));
        let damaged = |error: &dyn std::fmt::Display| {
            format!("a zip archive that is damaged or incomplete: download it again ({error})")
        };
        reader.seek(SeekFrom::Start(0)).map_err(|error| damaged(&error))?;
        let zip = ZipArchive::new(reader).map_err(|error| damaged(&error))?;
        if is_excessive(declared_size(&zip), size) {
            return Err(BOMB.to_owned());
        }
        Ok(Self {
            zip,
            progress: progress.clone(),
        })
    }

    /// Calls `visit` with the name and the text of each file until `visit` breaks. Skips files that are not data, such as
    /// `README.md`.
    pub(in crate::import) fn visit(
        &mut self,
        mut visit: impl FnMut(&str, Box<dyn BufRead + '_>) -> ControlFlow<()>,
    ) -> Visited {
        let mut visited = Visited::default();
        for index in 0..self.zip.len() {
            let Some(member) = Member::new(&self.zip, index) else {
                continue;
            };
            let shown = printable(&member.name);
            let refusal = match member.open(&mut self.zip, &self.progress) {
                Ok(Unpacked::Text { is_json: false, .. }) if !member.is_named_like_json() => None,
                Ok(Unpacked::Text { reader, .. }) => {
                    visited.read += 1;
                    if visit(&shown, reader).is_break() {
                        return visited;
                    }
                    None
                }
                Ok(Unpacked::Refused(what)) => Some(what.to_owned()),
                Err(what) => Some(what),
            };
            if let Some(refusal) = refusal
                && visited.refused.len() < MOST_REPORTED
            {
                visited.refused.push((shown, refusal));
            }
        }
        visited
    }
}

impl Visited {
    /// Why no file of the archive was read, to follow its name; `None` if a file was read.
    pub(in crate::import) fn failure(&self) -> Option<String> {
        match self.refused.first() {
            _ if self.read > 0 => None,
            Some((member, what)) => Some(format!("contains {member}, which is {what}")),
            None => Some(
                "is a zip archive without JSON: it must contain JSON Lines or a JSON array of papers"
                    .to_owned(),
            ),
        }
    }

    /// The files that were not read.
    pub(in crate::import) fn rejects(self) -> impl Iterator<Item = Reject> {
        self.refused.into_iter().map(|(member, what)| Reject {
            member: Some(member),
            ..Reject::new(0, &format!("it is {what}"))
        })
    }
}

/// The total size of the files in bytes, as the archive's directory states it.
fn declared_size(zip: &Zip) -> u64 {
    (0..zip.len())
        .filter_map(|index| Some(zip.by_index_data(index).ok()?.size()))
        .fold(0, u64::saturating_add)
}

/// A file of an archive that may be data.
struct Member {
    index: usize,
    name: String,
    is_encrypted: bool,
    method: CompressionMethod,
}

impl Member {
    /// `None` for folders, links, and files that operating systems add.
    fn new(zip: &Zip, index: usize) -> Option<Self> {
        let file = zip.by_index_data(index).ok()?;
        if file.is_dir() || file.is_symlink() {
            return None;
        }
        let name = file.name().map_or_else(
            |_| String::from_utf8_lossy(file.name_raw()).into_owned(),
            |name| name.into_owned(),
        );
        let path: Vec<&str> = name.split(['/', '\\']).collect();
        let base = path.last().copied().unwrap_or_default();
        let is_data = !base.is_empty()
            && !base.starts_with('.')
            && !["Thumbs.db", "desktop.ini"].contains(&base)
            && !path.contains(&"__MACOSX");
        is_data.then(|| Self {
            index,
            is_encrypted: file.encrypted(),
            method: file.compression(),
            name: name.clone(),
        })
    }

    /// Whether its name promises JSON, even if the contents do not begin like JSON.
    fn is_named_like_json(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        let name = name
            .strip_suffix(".gz")
            .or_else(|| name.strip_suffix(".zst"))
            .unwrap_or(&name);
        [".json", ".jsonl", ".ndjson"]
            .iter()
            .any(|ending| name.ends_with(ending))
    }

    /// Opens the file. The error says why it cannot be read and what to do, after "is".
    fn open<'zip>(&self, zip: &'zip mut Zip, progress: &Progress) -> Result<Unpacked<'zip>, String> {
        if self.is_encrypted {
            return Err(
                "encrypted: unpack the archive with its password, and import the files inside".to_owned(),
            );
        }
        let (stored, deflated, deflated_64) = (
            CompressionMethod::Stored,
            CompressionMethod::Deflated,
            CompressionMethod::Deflate64,
        );
        if ![stored, deflated, deflated_64].contains(&self.method) {
            return Err(format!(
                "compressed in a way that Broadsheet cannot read ({}): unpack the archive, and import the files inside",
                self.method
            ));
        }
        let damaged = |error: &dyn std::fmt::Display| format!("damaged: get the archive again ({error})");
        let file = zip.by_index(self.index).map_err(|error| damaged(&error))?;
        let guarded = Guarded::new(file, progress.clone());
        unpack(Box::new(guarded), progress).map_err(|error| damaged(&error))
    }
}
