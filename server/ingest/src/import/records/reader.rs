//! The records of a stream.

use std::io::{self, BufRead};

use super::{
    line_ends::LineCounter,
    record::{Beginning, Record},
    scan::{LineShape, Scan, is_between, is_blank, line_shape},
};
use crate::import::error::Reject;

/// How a stream separates its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Unknown,
    /// One record per line. Several objects may share a line.
    Lines,
    /// One object after the other. An object may take several lines, and there may be no line breaks.
    Objects,
    /// The elements of one array.
    Array,
    Ended,
}

/// How reading an object ended.
enum ObjectEnd {
    Closed,
    /// The first line of the stream ends inside a string. This byte ended the line.
    EndOfLine(u8),
    /// The next object begins before this one is closed.
    NextObject,
    EndOfFile,
}

/// The rest of a line after its first objects were returned.
#[derive(Default)]
struct Rest {
    line: u64,
    bytes: Vec<u8>,
    /// Where the next object begins in `bytes`.
    from: usize,
}

type Next = io::Result<Option<Result<Record, Reject>>>;

/// The records of a stream, in order. A record that cannot be separated from the others is rejected with the reason.
pub struct Records<R> {
    reader: R,
    layout: Layout,
    lines: LineCounter,
    /// The byte that ends a line, once known. It is CR only in files from classic Mac OS.
    line_end: Option<u8>,
    /// The rest of a line that holds several objects.
    rest: Rest,
    /// Whether `{"` of the next object is already consumed.
    is_opened: bool,
}

impl<R: BufRead> Records<R> {
    /// Reads from the beginning of a stream.
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            layout: Layout::Unknown,
            lines: LineCounter::new(),
            line_end: None,
            rest: Rest::default(),
            is_opened: false,
        }
    }

    fn reject(&self, reason: &str) -> Reject {
        Reject::new(self.lines.line(), reason)
    }

    fn consume_one(&mut self, byte: u8) {
        self.lines.pass(byte);
        self.reader.consume(1);
    }

    /// Skips bytes that `is_skipped` accepts, and byte order marks. Concatenated files may have such a mark in the middle,
    /// and no JSON text begins with its bytes. Returns the next byte without consuming it.
    fn peek(&mut self, is_skipped: fn(u8) -> bool) -> io::Result<Option<u8>> {
        loop {
            match self.reader.fill_buf()?.first().copied() {
                Some(byte @ (0xef | 0xbb | 0xbf)) => self.consume_one(byte),
                Some(byte) if is_skipped(byte) => self.consume_one(byte),
                next => return Ok(next),
            }
        }
    }

    /// Reads the first object of a stream. The text after it shows the layout.
    fn next_of_unknown(&mut self) -> Next {
        match self.peek(is_blank)? {
            Some(b'[') => {
                self.consume_one(b'[');
                self.layout = Layout::Array;
                return self.next_element();
            }
            Some(b'{') => {}
            _ => {
                self.layout = Layout::Lines;
                return self.next_line();
            }
        }
        let first_line = self.lines.line();
        let mut object = Beginning::new(first_line, b"");
        let end = self.object(&mut object, Scan::default(), true)?;
        let has_several_lines = self.lines.line() > first_line;
        self.layout = match end {
            ObjectEnd::Closed => {
                let next = self.peek(|byte| matches!(byte, b' ' | b'\t'))?;
                match next {
                    Some(b',' | b'{' | 0x1e) => Layout::Objects,
                    _ if has_several_lines => Layout::Objects,
                    _ => Layout::Lines,
                }
            }
            ObjectEnd::EndOfFile if has_several_lines => {
                self.layout = Layout::Ended;
                return Ok(Some(Err(object.cut_off())));
            }
            _ => Layout::Lines,
        };
        match end {
            // Other text on the same line belongs to the record, which is then not JSON.
            ObjectEnd::Closed if self.layout == Layout::Lines => self.rest_of_line(&mut object)?,
            ObjectEnd::EndOfLine(last) => self.note_line_end(last)?,
            _ => {}
        }
        Ok(Some(object.end()))
    }

    /// Reads up to the end of the line. The first line break shows which byte ends a line.
    fn rest_of_line(&mut self, line: &mut Beginning) -> io::Result<()> {
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(());
            }
            let end = match self.line_end {
                Some(line_end) => buffer.iter().position(|byte| *byte == line_end),
                None => buffer.iter().position(|byte| matches!(byte, b'\n' | b'\r')),
            };
            line.push(&buffer[..end.unwrap_or(buffer.len())]);
            let taken = end.map_or(buffer.len(), |end| end + 1);
            let last = buffer[taken - 1];
            self.reader.consume(taken);
            if end.is_some() {
                self.lines.pass(last);
                return self.note_line_end(last);
            }
        }
    }

    /// Records which byte ends a line. A CR does so only if no LF follows.
    fn note_line_end(&mut self, last: u8) -> io::Result<()> {
        if self.line_end.is_none() {
            let is_alone = last == b'\r' && self.reader.fill_buf()?.first() != Some(&b'\n');
            self.line_end = Some(if is_alone { b'\r' } else { b'\n' });
        }
        Ok(())
    }

    fn next_line(&mut self) -> Next {
        if self.rest.from < self.rest.bytes.len() {
            return Ok(Some(self.next_of_rest()));
        }
        let opened: &[u8] = if std::mem::take(&mut self.is_opened) {
            b"{\""
        } else if self.peek(is_between)?.is_some() {
            b""
        } else {
            return Ok(None);
        };
        let mut line = Beginning::new(self.lines.line(), opened);
        self.rest_of_line(&mut line)?;
        Ok(Some(match line.end() {
            Ok(mut record) => match line_shape(&record.bytes) {
                LineShape::Whole => Ok(record),
                LineShape::One(end) => {
                    record.bytes.truncate(end);
                    Ok(record)
                }
                LineShape::More(..) => {
                    self.rest = Rest {
                        line: record.line,
                        bytes: record.bytes,
                        from: 0,
                    };
                    self.next_of_rest()
                }
            },
            Err(reject) => Err(reject),
        }))
    }

    /// The next object on a line with several objects.
    fn next_of_rest(&mut self) -> Result<Record, Reject> {
        let objects = &self.rest.bytes[self.rest.from..];
        let (end, next) = match line_shape(objects) {
            LineShape::More(end, next) => (end, next),
            LineShape::One(end) => (end, objects.len()),
            LineShape::Whole => (objects.len(), objects.len()),
        };
        let record = Record {
            line: self.rest.line,
            bytes: objects[..end].to_vec(),
        };
        self.rest.from += next;
        Ok(record)
    }

    fn next_object(&mut self) -> Next {
        let (mut object, scan) = if std::mem::take(&mut self.is_opened) {
            (Beginning::new(self.lines.line(), b"{\""), Scan::in_first_key())
        } else {
            let next = self.peek(is_between)?;
            let mut object = Beginning::new(self.lines.line(), b"");
            match next {
                None => return Ok(None),
                Some(b'{') => {}
                Some(_) => {
                    self.rest_of_line(&mut object)?;
                    return Ok(Some(object.end()));
                }
            }
            (object, Scan::default())
        };
        Ok(Some(match self.object(&mut object, scan, false)? {
            ObjectEnd::EndOfFile => Err(object.cut_off()),
            _ => object.end(),
        }))
    }

    /// Reads an object up to its closing bracket. A damaged object may lack that bracket, so a line that begins
    /// with `{"` also ends it, unless the line can begin an inner object. `is_first`: it is the first object of a stream.
    fn object(&mut self, object: &mut Beginning, mut scan: Scan, is_first: bool) -> io::Result<ObjectEnd> {
        let first_line = self.lines.line();
        // The last two bytes read.
        let mut before = [0_u8; 2];
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(ObjectEnd::EndOfFile);
            }
            let mut end = None;
            let mut taken = buffer.len();
            for (index, &byte) in buffer.iter().enumerate() {
                let is_new_line = matches!(byte, b'\n' | b'\r');
                let ends_first_line = is_first && is_new_line && self.lines.line() == first_line;
                self.lines.pass(byte);
                let was = scan;
                let closed = scan.pass(byte);
                if closed {
                    end = Some(ObjectEnd::Closed);
                } else if ends_first_line && scan.is_in_string() {
                    end = Some(ObjectEnd::EndOfLine(byte));
                } else if byte == b'"'
                    && matches!(before, [b'\n' | b'\r', b'{'])
                    && may_be_next(was, is_first && self.lines.line() == first_line + 1)
                {
                    self.is_opened = true;
                    end = Some(ObjectEnd::NextObject);
                }
                before = [before[1], byte];
                if end.is_some() {
                    taken = index + 1;
                    break;
                }
            }
            object.push(&buffer[..taken]);
            self.reader.consume(taken);
            if let Some(end) = end {
                if matches!(end, ObjectEnd::NextObject) {
                    object.shorten(2);
                }
                return Ok(end);
            }
        }
    }

    fn next_element(&mut self) -> Next {
        loop {
            let reason = match self.peek(is_between)? {
                Some(b']') => {
                    self.consume_one(b']');
                    match self.peek(is_blank)? {
                        // Concatenated files.
                        Some(b'[') => {
                            self.consume_one(b'[');
                            continue;
                        }
                        None => return Ok(None),
                        Some(_) => "there is more text after the end of the array",
                    }
                }
                Some(_) => return self.element().map(Some),
                None => "the file ends here: the array is not closed",
            };
            self.layout = Layout::Ended;
            return Ok(Some(Err(self.reject(reason))));
        }
    }

    fn element(&mut self) -> io::Result<Result<Record, Reject>> {
        let mut element = Beginning::new(self.lines.line(), b"");
        let mut scan = Scan::default();
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                self.layout = Layout::Ended;
                return Ok(Err(element.cut_off()));
            }
            // Outside of all brackets a comma or the array's own bracket ends the element.
            let end = buffer.iter().position(|byte| {
                let ends = scan.is_outside() && matches!(byte, b',' | b']');
                if !ends {
                    self.lines.pass(*byte);
                    scan.pass(*byte);
                }
                ends
            });
            let taken = end.unwrap_or(buffer.len());
            element.push(&buffer[..taken]);
            self.reader.consume(taken);
            if end.is_some() {
                return Ok(element.end());
            }
        }
    }
}

/// Whether a line that begins with `{"` can begin the next object. `scan` is the state after the bracket. An inner object
/// begins at the margin only in a file without indentation. It is then in a list, at least two brackets deep.
fn may_be_next(scan: Scan, is_second_line: bool) -> bool {
    is_second_line || scan.is_in_string() || scan.depth() <= 2
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Result<Record, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = match self.layout {
            Layout::Ended => return None,
            Layout::Unknown => self.next_of_unknown(),
            Layout::Lines => self.next_line(),
            Layout::Objects => self.next_object(),
            Layout::Array => self.next_element(),
        };
        next.unwrap_or_else(|error| {
            self.layout = Layout::Ended;
            let reason = format!("the file cannot be read any further: {error}");
            Some(Err(self.reject(&reason)))
        })
    }
}
