//! What surrounds the content of every page: head, masthead, banner, footer.

mod assets;
mod banner;
mod footer;
mod frame;
mod head;
mod masthead;
mod page;
mod theme;

pub use assets::{Assets, Sheet};
pub use frame::Frame;
pub use head::Head;
pub use page::page;
pub use theme::Theme;
