//! Text in other encodings and with other line breaks.

use testing::Library;

use crate::helpers::{ARXIV, EXPORTED, Files, HUGGING_FACE, OUTER, counts, exported, gz, import_file, zst};

const RECORDS: [&str; 4] = [HUGGING_FACE, OUTER, ARXIV, EXPORTED];

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// An object as `json.dumps(…, indent=2)` writes it.
fn pretty(record: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(record).expect("JSON");
    serde_json::to_string_pretty(&value).expect("JSON")
}

#[tokio::test]
async fn every_encoding_and_layout_gives_the_same_papers() {
    let lines = RECORDS.join("\r\n");
    let marked = format!("\u{feff}{lines}\r\n");
    let pretty_lines = RECORDS.map(pretty).join("\n");
    let files = Files::new();
    let mut libraries = Vec::new();
    for (name, bytes) in [
        ("plain", RECORDS.join("\n").into_bytes()),
        ("utf-8 with its mark", marked.clone().into_bytes()),
        ("utf-16 of PowerShell", utf_16(&marked, u16::to_le_bytes)),
        ("utf-16 without its mark", utf_16(&lines, u16::to_le_bytes)),
        (
            "utf-16, most significant byte first",
            utf_16(&marked, u16::to_be_bytes),
        ),
        (
            "utf-16, the same without its mark",
            utf_16(&lines, u16::to_be_bytes),
        ),
        ("compressed utf-16", gz(&utf_16(&marked, u16::to_le_bytes))),
        ("compressed twice", zst(&gz(marked.as_bytes()))),
        (
            "utf-16 array",
            utf_16(&format!("\u{feff}[{}]", RECORDS.join(",")), u16::to_le_bytes),
        ),
        ("CR alone", RECORDS.join("\r").into_bytes()),
        ("one line", RECORDS.concat().into_bytes()),
        ("pretty", pretty_lines.clone().into_bytes()),
        ("pretty, CR LF", pretty_lines.replace('\n', "\r\n").into_bytes()),
        (
            "pretty array",
            format!("[{}]", RECORDS.map(pretty).join(",\n")).into_bytes(),
        ),
        ("commas between lines", RECORDS.join(",\n").into_bytes()),
    ] {
        let library = Library::new().await;
        let outcome = import_file(&library.store, &files.write("x", &bytes)).await;
        assert_eq!(outcome, (counts(4, 0, 0, 0), vec![]), "{name}");
        libraries.push((name, exported(&library.store).await));
    }
    for (name, papers) in &libraries {
        assert_eq!(papers, &libraries[0].1, "{name}");
    }
}

#[tokio::test]
async fn a_damaged_line_in_utf_16_is_rejected_alone() {
    let lines = format!("\u{feff}{HUGGING_FACE}\n{{\"id\":\"cut\n{ARXIV}\n");
    let mut bytes = utf_16(&lines, u16::to_le_bytes);
    // An odd last byte, as in a truncated file.
    bytes.push(b'{');
    let library = Library::new().await;
    let (summary, rejects) = import_file(&library.store, &Files::new().write("x", &bytes)).await;
    assert_eq!(summary, counts(2, 0, 0, 2), "{rejects:?}");
    assert_eq!((rejects[0].0, rejects[1].0), (2, 4), "{rejects:?}");
}
