//! Email: the mail server, the sender and the limits.

use std::{num::NonZeroU32, path::PathBuf};

use anyhow::{Context, anyhow};
use clap::Args;
use domain::EmailAddress;
use mail::{
    MailService, Pace, Rates,
    transport::{Mailer, Outbox},
};
use store::{Store, private_file, tokens::Secret};

/// Email.
#[derive(Debug, Clone, Args)]
pub struct MailSettings {
    /// Mail server: smtp://user:password@host:587?tls=required or smtps://…; if unset, emails are written as .eml files
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_SMTP_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub smtp_url: Option<String>,
    /// PEM file with a certificate authority to trust for the mail server, besides the usual ones
    #[arg(long, global = true, env = "BROADSHEET_SMTP_CA", value_name = "FILE")]
    pub smtp_ca: Option<PathBuf>,
    /// Folder for .eml files if there is no mail server
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_OUTBOX",
        default_value = "outbox",
        value_name = "FOLDER"
    )]
    pub outbox: PathBuf,
    /// Sender of all emails
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_MAIL_FROM",
        default_value = "Broadsheet <broadsheet@localhost>",
        value_name = "SENDER"
    )]
    pub mail_from: String,
    /// Maximum emails per minute; 0: no limit
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_MAIL_RATE",
        default_value = "0",
        value_name = "NUMBER"
    )]
    pub mail_rate: u32,
    /// Maximum emails per minute to one domain, such as gmail.com; 0: no limit
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_MAIL_DOMAIN_RATE",
        default_value = "0",
        value_name = "NUMBER"
    )]
    pub mail_domain_rate: u32,
    /// Mailbox that receives bounced email; default: the sender
    ///
    /// Each email has a return address of its own: local+bounce.NUMBER.SIGNATURE@domain. Give what arrives there to
    /// `broadsheet bounce`.
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_BOUNCE_ADDRESS",
        value_name = "ADDRESS",
        value_parser = address
    )]
    pub bounce_address: Option<EmailAddress>,
}

impl MailSettings {
    /// Email and subscriptions, for the site at `public_url`.
    pub fn service(&self, store: Store, secret: Secret, public_url: &str) -> anyhow::Result<MailService> {
        if self.smtp_url.is_none() {
            private_file::narrow(&self.outbox);
        }
        let mailer = self.mailer(self.destination()?, public_url)?;
        let mut service = MailService::new(store, mailer, secret, public_url);
        service.pace = Pace::new(Rates {
            overall: NonZeroU32::new(self.mail_rate),
            per_domain: NonZeroU32::new(self.mail_domain_rate),
        });
        Ok(service)
    }

    /// The mail server, or the folder for .eml files.
    pub fn destination(&self) -> anyhow::Result<Outbox> {
        let Some(url) = &self.smtp_url else {
            return Ok(Outbox::Folder(self.outbox.clone()));
        };
        let authority = match &self.smtp_ca {
            Some(file) => Some(
                std::fs::read(file)
                    .with_context(|| format!("cannot read {} (BROADSHEET_SMTP_CA)", file.display()))?,
            ),
            None => None,
        };
        Outbox::smtp(url, authority.as_deref())
            .map_err(|error| anyhow!("BROADSHEET_SMTP_URL cannot be used: {error}"))
    }

    /// Writes emails to this destination.
    pub fn mailer(&self, destination: Outbox, public_url: &str) -> anyhow::Result<Mailer> {
        Mailer::new(
            destination,
            &self.mail_from,
            self.bounce_address.as_ref(),
            public_url,
        )
        .map_err(|error| anyhow!("BROADSHEET_MAIL_FROM cannot be used: {error}"))
    }
}

fn address(text: &str) -> Result<EmailAddress, String> {
    text.parse()
        .map_err(|error: domain::email::InvalidEmail| error.to_string())
}
