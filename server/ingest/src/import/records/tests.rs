//! Splitting: what counts as a record, and on which line it begins.

use super::Records;

fn cut(text: &str) -> Vec<Result<(u64, String), (u64, String)>> {
    Records::new(std::io::BufReader::with_capacity(7, text.as_bytes()))
        .map(|record| {
            record
                .map(|record| {
                    (
                        record.line,
                        String::from_utf8(record.bytes).expect("utf-8").trim().to_owned(),
                    )
                })
                .map_err(|reject| (reject.line, reject.reason))
        })
        .collect()
}

#[test]
fn each_line_is_a_record_unless_it_is_blank() {
    assert_eq!(
        cut("\u{feff}{\"a\":1}\n\n  {\"b\":2}\r\n{\"c\""),
        [
            Ok((1, "{\"a\":1}".into())),
            Ok((3, "{\"b\":2}".into())),
            Ok((4, "{\"c\"".into()))
        ]
    );
    assert_eq!(cut(""), []);
    assert_eq!(cut(" \n \n"), []);
}

#[test]
fn each_element_of_an_array_is_a_record() {
    assert_eq!(
        cut("[ {\"a\": \"]},{\\\"\"},\n {\"b\": [1, {\"c\": 2}]} ,3]\n"),
        [
            Ok((1, "{\"a\": \"]},{\\\"\"}".into())),
            Ok((2, "{\"b\": [1, {\"c\": 2}]}".into())),
            Ok((2, "3".into()))
        ]
    );
    assert_eq!(cut("[]"), []);
    assert_eq!(cut("[1]\n[2]\n[]\n"), [Ok((1, "1".into())), Ok((2, "2".into()))]);
    assert_eq!(Records::new("[]".repeat(1 << 20).as_bytes()).count(), 0);
    assert_eq!(
        cut("[1] x"),
        [
            Ok((1, "1".into())),
            Err((1, "there is more text after the end of the array".into()))
        ]
    );
}

#[test]
fn the_end_of_a_truncated_array_is_rejected_with_its_line() {
    assert_eq!(
        cut("[1,\n{\"a\""),
        [
            Ok((1, "1".into())),
            Err((2, "the file ends inside this record".into()))
        ]
    );
    assert_eq!(cut("[1"), [Err((1, "the file ends inside this record".into()))]);
    assert_eq!(
        cut("[1,"),
        [
            Ok((1, "1".into())),
            Err((1, "the file ends here: the array is not closed".into()))
        ]
    );
}

#[test]
fn a_line_of_fifty_megabytes_is_rejected_and_the_next_is_read() {
    let text = format!("{{\"a\":\"{}\"}}\n{{\"b\":2}}\n", "x".repeat(50 << 20));
    let records: Vec<_> = Records::new(std::io::BufReader::new(text.as_bytes())).collect();
    assert_eq!(records.len(), 2);
    assert_eq!(records[0].as_ref().map_err(|reject| reject.line), Err(1));
    assert_eq!(records[1].as_ref().map(|record| record.line), Ok(2));
}

#[test]
fn objects_may_share_a_line() {
    let three = [
        Ok((1, "{\"a\":\"}{\"}".to_owned())),
        Ok((1, "{\"b\":{}}".to_owned())),
        Ok((1, "{\"c\":3}".to_owned())),
    ];
    for text in [
        "{\"a\":\"}{\"}{\"b\":{}}{\"c\":3}",
        "{\"a\":\"}{\"} {\"b\":{}},{\"c\":3},",
        "\u{1e}{\"a\":\"}{\"}\u{1e}{\"b\":{}}\u{1e}{\"c\":3}",
    ] {
        assert_eq!(cut(text), three, "{text}");
    }
    // Files concatenated without a line break between them.
    assert_eq!(
        cut("{\"a\":1}\n{\"b\":2}{\"c\":3}\n\u{feff}{\"d\":4},\n"),
        [
            Ok((1, "{\"a\":1}".into())),
            Ok((2, "{\"b\":2}".into())),
            Ok((2, "{\"c\":3}".into())),
            Ok((3, "{\"d\":4}".into()))
        ]
    );
}

#[test]
fn an_object_may_have_several_lines() {
    assert_eq!(
        cut("{\n  \"a\": [\n    {\"n\": 1}\n  ]\n}\n{\n  \"b\": 2\n}\nnull\n{\"c\":3}"),
        [
            Ok((1, "{\n  \"a\": [\n    {\"n\": 1}\n  ]\n}".into())),
            Ok((6, "{\n  \"b\": 2\n}".into())),
            Ok((9, "null".into())),
            Ok((10, "{\"c\":3}".into()))
        ]
    );
    // Without indentation, an inner object looks like the beginning of a record.
    assert_eq!(
        cut("{\n\"a\": [\n{\"n\": 1},\n{\"n\": 2}\n]\n}\n"),
        [Ok((1, "{\n\"a\": [\n{\"n\": 1},\n{\"n\": 2}\n]\n}".into()))]
    );
    assert_eq!(
        cut("{\n  \"a\": 1,\n"),
        [Err((1, "the file ends inside this record".into()))]
    );
}

#[test]
fn a_damaged_object_does_not_affect_the_next_one() {
    for damaged in [
        "{\"a\": \"cut o",
        "{\"a\": [1, {\"b\": 2",
        "{\"a\":",
        "{\"a\": 1}x",
        "{{{",
        "]",
    ] {
        assert_eq!(
            cut(&format!("{damaged}\n{{\"b\":2}}\n{{\"c\":3}}")),
            [
                Ok((1, damaged.into())),
                Ok((2, "{\"b\":2}".into())),
                Ok((3, "{\"c\":3}".into()))
            ],
            "{damaged}"
        );
    }
    // The second multi-line object lacks its end.
    assert_eq!(
        cut("{\n \"a\": 1\n}\n{\n \"b\": \"cut o\n{\"c\": 3}\n"),
        [
            Ok((1, "{\n \"a\": 1\n}".into())),
            Ok((4, "{\n \"b\": \"cut o".into())),
            Ok((6, "{\"c\": 3}".into()))
        ]
    );
}

#[test]
fn every_kind_of_line_break_ends_a_line() {
    for line_end in ["\n", "\r\n", "\r"] {
        let lines = ["{\"a\":1}", "", "{\"b\":\"cut", "{\"c\":3}"];
        assert_eq!(
            cut(&lines.join(line_end)),
            [
                Ok((1, "{\"a\":1}".into())),
                Ok((3, "{\"b\":\"cut".into())),
                Ok((4, "{\"c\":3}".into()))
            ],
            "{line_end:?}"
        );
        let damaged = ["{\"a\":\"cut", "x", "{\"c\":3}"].join(line_end);
        let lines: Vec<u64> = cut(&damaged)
            .into_iter()
            .map(|record| record.expect("a line").0)
            .collect();
        assert_eq!(lines, [1, 2, 3], "{line_end:?}");
        let array = ["[{\"a\":1},", "{\"b\":2}]"].join(line_end);
        assert_eq!(
            cut(&array).last(),
            Some(&Ok((2, "{\"b\":2}".into()))),
            "{line_end:?}"
        );
    }
}

#[test]
fn a_million_objects_on_one_line_take_linear_time() {
    let text = "{}".repeat(1 << 20);
    assert_eq!(Records::new(text.as_bytes()).count(), 1 << 20);
    let text = format!("{{}}\n{text}");
    assert_eq!(Records::new(text.as_bytes()).count(), (1 << 20) + 1);
}
