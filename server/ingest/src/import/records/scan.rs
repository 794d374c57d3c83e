//! Follows the structure of JSON byte by byte: brackets, strings, escapes.

/// The position of a byte in the structure of a JSON text.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scan {
    depth: u32,
    in_string: bool,
    escaped: bool,
}

impl Scan {
    /// The state after `{"`.
    pub(super) fn in_first_key() -> Self {
        Self {
            depth: 1,
            in_string: true,
            escaped: false,
        }
    }

    /// How many brackets are open.
    pub(super) fn depth(self) -> u32 {
        self.depth
    }

    pub(super) fn is_in_string(self) -> bool {
        self.in_string
    }

    /// Whether the next byte is outside all brackets and strings.
    pub(super) fn is_outside(self) -> bool {
        self.depth == 0 && !self.in_string
    }

    /// Processes one byte. Returns whether it closes the outermost bracket.
    pub(super) fn pass(&mut self, byte: u8) -> bool {
        // A JSON string cannot contain a line break, not even after a backslash.
        let escaped = std::mem::take(&mut self.escaped) && byte != b'\n';
        match byte {
            _ if escaped => {}
            b'\\' => self.escaped = self.in_string,
            b'"' => self.in_string = !self.in_string,
            _ if self.in_string => {}
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' if self.depth > 0 => {
                self.depth -= 1;
                return self.depth == 0;
            }
            _ => {}
        }
        false
    }
}

/// Where the first object of a line ends, and what comes after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineShape {
    /// The line is not an object, or other text follows the object.
    Whole,
    /// A single object, possibly with a comma after it. The object ends before this index.
    One(usize),
    /// Another object follows. The first one ends before the first index, the next begins at the second.
    More(usize, usize),
}

/// The shape of a line that begins with `{`.
pub(super) fn line_shape(line: &[u8]) -> LineShape {
    if line.first() != Some(&b'{') {
        return LineShape::Whole;
    }
    let Some(end) = end_of_object(line) else {
        return LineShape::Whole;
    };
    match line[end..].iter().position(|byte| !is_between(*byte)) {
        None => LineShape::One(end),
        Some(gap) if line[end + gap] == b'{' => LineShape::More(end, end + gap),
        Some(_) => LineShape::Whole,
    }
}

/// Where the object ends that a line begins with.
fn end_of_object(line: &[u8]) -> Option<usize> {
    let mut scan = Scan::default();
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        at += 1;
        if scan.pass(*byte) {
            return Some(at);
        }
        if scan.in_string && !scan.escaped {
            // Strings are most of a record, so their ordinary bytes are skipped at once.
            let rest = &line[at..];
            at += rest
                .iter()
                .position(|byte| matches!(byte, b'"' | b'\\'))
                .unwrap_or(rest.len());
        }
    }
    None
}

/// Whether a byte may separate two objects: white space, a comma, or the record separator of RFC 7464 (`jq --seq`).
pub(super) fn is_between(byte: u8) -> bool {
    is_blank(byte) || byte == b','
}

/// White space, or the record separator of RFC 7464.
pub(super) fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x1e
}
