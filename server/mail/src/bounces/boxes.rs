//! Where mails lie before they are read: folders, and files of many mails.

use std::{
    io,
    path::{Path, PathBuf},
};

use mail_parser::mailbox::mbox::MessageIterator;

/// The single mails in what was given: those of an mbox, whose “From ” lines are taken off and whose quoting (mboxrd)
/// is undone, or the one mail it is. None if there is nothing but blanks.
pub fn mails(bytes: &[u8]) -> Vec<Vec<u8>> {
    let start = bytes.trim_ascii_start();
    if start.is_empty() {
        Vec::new()
    } else if start.starts_with(b"From ") {
        // Reading from memory does not fail.
        MessageIterator::new(start)
            .flatten()
            .map(|mail| mail.unwrap_contents())
            .collect()
    } else {
        vec![bytes.to_vec()]
    }
}

/// The mails of a Maildir (its `new` and `cur`, never its `tmp`) or of a plain folder, in the order of their names,
/// which in a Maildir is about that of arrival. Left out: hidden files, and what is no file, such as folders, pipes and
/// links.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut rooms: Vec<PathBuf> = ["new", "cur"].map(|room| folder.join(room)).into();
    rooms.retain(|room| room.is_dir());
    if rooms.is_empty() {
        rooms.push(folder.to_owned());
    }
    let mut files = Vec::new();
    for room in rooms {
        for entry in room.read_dir()? {
            let entry = entry?;
            let name = entry.file_name();
            if entry.file_type()?.is_file() && !name.as_encoded_bytes().starts_with(b".") {
                files.push((name, entry.path()));
            }
        }
    }
    files.sort();
    Ok(files.into_iter().map(|(_, path)| path).collect())
}
