//! What every email has besides its content.

use domain::EmailAddress;

use crate::transport::Draft;

/// What every email has besides its content.
pub(crate) struct Envelope<'a> {
    /// Who gets it.
    pub to: EmailAddress,
    /// As [`Draft::id`].
    pub id: String,
    /// As [`Draft::mark`].
    pub mark: String,
    /// The address of this site.
    pub public_url: &'a str,
    /// A POST to this address unsubscribes.
    pub unsubscribe_url: String,
}

impl Envelope<'_> {
    /// The draft with this subject and content.
    pub(super) fn draft(&self, subject: String, text: String, html: String) -> Draft {
        Draft {
            to: self.to.clone(),
            subject,
            text,
            html,
            id: self.id.clone(),
            mark: self.mark.clone(),
            unsubscribe_url: self.unsubscribe_url.clone(),
        }
    }
}
