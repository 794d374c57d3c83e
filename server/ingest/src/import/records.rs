//! Cuts a stream into JSON records: one per line, or the elements of one array. It only finds where records begin and
//! end, so that one broken record does not affect the others. Serde reads their contents.

use std::io::{self, BufRead};

use super::error::Reject;

/// A longer record is rejected. The metadata of a paper is far shorter.
pub const MOST_RECORD_BYTES: usize = 8 << 20;

/// One record as it is in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The line on which it begins, counted from 1.
    pub line: u64,
    /// Its text.
    pub bytes: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Unknown,
    Lines,
    Array,
    Ended,
}

/// The records of a stream, in order. A record that cannot be cut out is rejected with the reason.
pub struct Records<R> {
    reader: R,
    layout: Layout,
    line: u64,
}

impl<R: BufRead> Records<R> {
    /// Reads from the beginning of a stream.
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            layout: Layout::Unknown,
            line: 1,
        }
    }

    fn broken_off(&mut self, error: &io::Error) -> Reject {
        self.layout = Layout::Ended;
        Reject {
            line: self.line,
            reason: format!("the file cannot be read any further: {error}"),
        }
    }

    fn too_long(line: u64) -> Reject {
        Reject {
            line,
            reason: format!("the record is longer than {} MB", MOST_RECORD_BYTES >> 20),
        }
    }

    /// Skips white space, and a byte-order mark at the beginning of the stream. Returns the next byte without consuming
    /// it.
    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let buffer = self.reader.fill_buf()?;
            let Some(first) = buffer.first().copied() else {
                return Ok(None);
            };
            if self.layout == Layout::Unknown && buffer.starts_with(&[0xef, 0xbb, 0xbf]) {
                self.reader.consume(3);
                continue;
            }
            if !first.is_ascii_whitespace() {
                return Ok(Some(first));
            }
            if first == b'\n' {
                self.line += 1;
            }
            self.reader.consume(1);
        }
    }

    fn next_line(&mut self) -> io::Result<Option<Result<Record, Reject>>> {
        if self.peek()?.is_none() {
            return Ok(None);
        }
        let line = self.line;
        let mut bytes = Vec::new();
        let mut too_long = false;
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let part = &buffer[..end.unwrap_or(buffer.len())];
            too_long |= bytes.len() + part.len() > MOST_RECORD_BYTES;
            if too_long {
                bytes = Vec::new();
            } else {
                bytes.extend_from_slice(part);
            }
            let taken = end.map_or(buffer.len(), |end| end + 1);
            self.reader.consume(taken);
            if end.is_some() {
                self.line += 1;
                break;
            }
        }
        Ok(Some(if too_long {
            Err(Self::too_long(line))
        } else {
            Ok(Record { line, bytes })
        }))
    }

    fn next_element(&mut self) -> io::Result<Option<Result<Record, Reject>>> {
        // Between elements: white space and commas.
        while let Some(byte) = self.peek()? {
            match byte {
                b',' => self.reader.consume(1),
                b']' => {
                    self.reader.consume(1);
                    self.layout = Layout::Ended;
                    if self.peek()?.is_some() {
                        return Ok(Some(Err(Reject {
                            line: self.line,
                            reason: "there is more text after the end of the array".to_owned(),
                        })));
                    }
                    return Ok(None);
                }
                _ => return self.element().map(Some),
            }
        }
        self.layout = Layout::Ended;
        Ok(Some(Err(Reject {
            line: self.line,
            reason: "the file ends here: the array is not closed".to_owned(),
        })))
    }

    fn element(&mut self) -> io::Result<Result<Record, Reject>> {
        let line = self.line;
        let mut bytes = Vec::new();
        let (mut depth, mut in_string, mut escaped, mut too_long) = (0_u32, false, false, false);
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                self.layout = Layout::Ended;
                return Ok(Err(Reject {
                    line,
                    reason: "the file ends inside this record".to_owned(),
                }));
            }
            let mut end = None;
            for (index, byte) in buffer.iter().enumerate() {
                match byte {
                    // A JSON string cannot contain a line break, not even after a backslash.
                    b'\n' => {
                        self.line += 1;
                        escaped = false;
                    }
                    _ if escaped => {
                        escaped = false;
                        continue;
                    }
                    _ => {}
                }
                match byte {
                    b'\\' if in_string => escaped = true,
                    b'"' => in_string = !in_string,
                    b'{' | b'[' if !in_string => depth += 1,
                    b'}' | b']' if !in_string && depth > 0 => depth -= 1,
                    // At depth 0 a comma or the array's own bracket ends the element.
                    b',' | b']' if !in_string && depth == 0 => {
                        end = Some(index);
                        break;
                    }
                    _ => {}
                }
            }
            let part = &buffer[..end.unwrap_or(buffer.len())];
            too_long |= bytes.len() + part.len() > MOST_RECORD_BYTES;
            if too_long {
                bytes = Vec::new();
            } else {
                bytes.extend_from_slice(part);
            }
            let taken = part.len();
            self.reader.consume(taken);
            if end.is_some() {
                return Ok(if too_long {
                    Err(Self::too_long(line))
                } else {
                    Ok(Record { line, bytes })
                });
            }
        }
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Result<Record, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = match self.layout {
            Layout::Ended => return None,
            Layout::Unknown => match self.peek() {
                Ok(Some(b'[')) => {
                    self.reader.consume(1);
                    self.layout = Layout::Array;
                    self.next_element()
                }
                Ok(_) => {
                    self.layout = Layout::Lines;
                    self.next_line()
                }
                Err(error) => Err(error),
            },
            Layout::Lines => self.next_line(),
            Layout::Array => self.next_element(),
        };
        match next {
            Ok(record) => record,
            Err(error) => Some(Err(self.broken_off(&error))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
