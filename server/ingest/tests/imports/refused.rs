//! Files in unsupported formats are refused with one sentence that says what they are and what to do.

use testing::Library;

use crate::helpers::{Files, refusal, zst};

fn tar() -> Vec<u8> {
    let mut header = vec![0_u8; 1_024];
    header[..10].copy_from_slice(b"rows.jsonl");
    header[257..262].copy_from_slice(b"ustar");
    header
}

#[tokio::test]
async fn an_unsupported_format_is_refused_with_one_sentence() {
    let (library, files) = (Library::new().await, Files::new());
    for (bytes, words) in [
        (&b"PAR1\x15\x04\x15\x10rowsPAR1"[..], ["Parquet", "JSON Lines"]),
        (b"ARROW1\0\0", ["Arrow", "JSON Lines"]),
        (b"7z\xbc\xaf\x27\x1c\0\x04", ["7-Zip", "unpack"]),
        (b"Rar!\x1a\x07\x01\0", ["RAR", "unpack"]),
        (b"\xfd7zXZ\0\0\x04", ["xz", "decompress"]),
        (b"BZh91AY&SY", ["bzip2", "decompress"]),
        (b"SQLite format 3\0\x10\0", ["SQLite", "export"]),
        (b"%PDF-1.7\n", ["PDF", "JSON Lines"]),
        (b"<!DOCTYPE html>\n<title>404</title>", ["HTML", "download"]),
        (b"\xef\xbb\xbf\n<HTML><body>Sign in", ["HTML", "download"]),
        (b"<?xml version=\"1.0\"?><feed/>", ["XML", "JSON Lines"]),
        (b"id,title,abstract\n2611.01234,T,A\n", ["CSV", "JSON Lines"]),
        (b"\xef\xbb\xbf\"title\";\"authors\"\r\n", ["CSV", "JSON Lines"]),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
            ["Git LFS", "git lfs pull"],
        ),
        (b"\xff\xfe\0\0{\0\0\0", ["UTF-32", "UTF-8"]),
        (&tar(), ["tar", "unpack"]),
        (&zst(&tar()), ["tar", "unpack"]),
        (&zst(b"PAR1"), ["Parquet", "JSON Lines"]),
    ] {
        // The name does not matter.
        let path = files.write("papers.jsonl", bytes);
        let reason = refusal(&library.store, &path).await;
        let rest = reason
            .strip_prefix(&format!("{} is ", path.display()))
            .unwrap_or_else(|| panic!("{reason}"));
        assert!(
            words.iter().all(|word| rest.contains(word)),
            "{words:?}: {reason}"
        );
        assert!(!reason.contains('\n') && reason.len() < 300, "{reason}");
    }
    assert_eq!(library.number("select count(*) from papers").await, 0);
}

#[tokio::test]
async fn the_name_of_a_refused_file_is_safe_to_print() {
    let (library, files) = (Library::new().await, Files::new());
    let reason = refusal(&library.store, &files.write("a\u{1b}[31m\n.parquet", b"PAR1")).await;
    assert!(!reason.chars().any(char::is_control), "{reason:?}");
}
