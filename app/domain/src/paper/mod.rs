//! A paper: its public name, its dates, its code, its counters, and the card that shows it.

mod card;
mod code;
mod key;
mod model;
mod plain_text;
mod published;
mod signal;

pub use card::PaperCard;
pub use code::{CodeLink, CodeOrigin, CodeState, code_link};
pub use key::{InvalidPaperKey, PaperKey};
pub use model::{Paper, Source, is_web_url};
pub use plain_text::PlainText;
pub use published::{InvalidPublished, Published};
pub use signal::{CounterReading, History, Signal};
