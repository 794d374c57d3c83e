//! The conversation with one client.

use std::io;

use tokio::net::TcpStream;

use super::{
    options::{Next, Received, ServerOptions, Tls, address_in},
    state::Shared,
    wire::{Prompt, WELCOME, Wire},
};

/// The commands before the data of an email.
struct Envelope {
    from: String,
    to: Vec<String>,
    next: Option<Next>,
}

impl Envelope {
    /// Adds the recipient of a RCPT command, unless it is refused. Answers the reply.
    fn add(&mut self, command: String, shared: &Shared) -> String {
        self.refusal(address_in(&command), shared).unwrap_or_else(|| {
            self.to.push(command);
            "250 ok".to_owned()
        })
    }

    /// The answer to a recipient who is refused.
    fn refusal(&self, recipient: &str, shared: &Shared) -> Option<String> {
        match self.next {
            Some(Next::RefuseRecipient(code)) => Some(format!("{code} not this one")),
            Some(Next::RefuseRecipientWith(code, text)) => Some(format!("{code} {text}")),
            Some(_) => None,
            None => {
                let rule = shared.state().always.clone()?;
                rule(recipient).map(|(code, text)| format!("{code} {text}"))
            }
        }
    }
}

/// Talks SMTP with one client until it leaves.
pub(super) async fn converse(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let ServerOptions { tls, login } = shared.options;
    let mut wire = Wire::over(Prompt(stream));
    let mut in_the_clear = tls == Tls::Upgraded;
    if let (Tls::Implicit, Some(acceptor)) = (tls, &shared.acceptor) {
        wire = wire.secured(acceptor).await?;
    }
    let mut welcome = login.is_none();
    let mut envelope: Option<Envelope> = None;
    wire.answer("220 sink.test ESMTP").await?;
    while let Some(command) = wire.line().await? {
        let word = command.split([' ', ':']).next().unwrap_or_default();
        let answer = match word.to_ascii_uppercase().as_str() {
            "EHLO" => {
                envelope = None;
                greeting(in_the_clear)
            }
            "STARTTLS" => match &shared.acceptor {
                Some(acceptor) if in_the_clear => {
                    wire.answer("220 2.0.0 go ahead").await?;
                    wire = wire.secured(acceptor).await?;
                    (in_the_clear, envelope) = (false, None);
                    continue;
                }
                Some(_) => "503 5.5.1 TLS is on".to_owned(),
                None => "502 unknown".to_owned(),
            },
            "AUTH" | "MAIL" if in_the_clear => "530 5.7.0 STARTTLS first".to_owned(),
            "AUTH" => {
                let answer = wire.login(&command, login).await?;
                welcome |= answer == WELCOME;
                answer.to_owned()
            }
            "MAIL" if !welcome => "530 5.7.0 AUTH first".to_owned(),
            "MAIL" if envelope.is_some() => "503 5.5.1 one email at a time".to_owned(),
            "MAIL" => {
                let next = shared.state().next.pop_front();
                match next {
                    Some(Next::RefuseSender(code)) => format!("{code} not this sender"),
                    Some(Next::Goodbye) => return wire.close_with("421 4.3.2 closing").await,
                    next => {
                        envelope = Some(Envelope {
                            from: command,
                            to: Vec::new(),
                            next,
                        });
                        "250 ok".to_owned()
                    }
                }
            }
            "RCPT" => match &mut envelope {
                None => "503 5.5.1 MAIL first".to_owned(),
                Some(envelope) => envelope.add(command, shared),
            },
            "DATA" => match envelope.take_if(|envelope| !envelope.to.is_empty()) {
                None => "503 5.5.1 RCPT first".to_owned(),
                Some(envelope) => match receive(&mut wire, envelope, shared).await? {
                    Some(answer) => answer,
                    None => return Ok(()),
                },
            },
            "QUIT" => return wire.close_with("221 bye").await,
            "RSET" => {
                envelope = None;
                "250 ok".to_owned()
            }
            "NOOP" => "250 ok".to_owned(),
            _ => "502 unknown".to_owned(),
        };
        wire.answer(&answer).await?;
    }
    Ok(())
}

/// The answer to EHLO.
fn greeting(in_the_clear: bool) -> String {
    let extension = if in_the_clear {
        "STARTTLS"
    } else {
        "AUTH PLAIN LOGIN"
    };
    format!("250-sink.test\r\n250-8BITMIME\r\n250-{extension}\r\n250 SIZE 10000000")
}

/// Receives the data of an email. Answers the reply; `None` if the connection must be closed.
async fn receive(wire: &mut Wire, envelope: Envelope, shared: &Shared) -> io::Result<Option<String>> {
    let Envelope { from, to, next } = envelope;
    wire.answer("354 go on").await?;
    if next == Some(Next::HangUpInEmail) {
        wire.line().await?;
        return Ok(None);
    }
    let Some(bytes) = wire.email().await? else {
        return Ok(None);
    };
    if let Some(Next::RefuseEmail(code)) = next {
        return Ok(Some(format!("{code} not this email")));
    }
    {
        let mut state = shared.state();
        state.received.push(Received { from, to, bytes });
        state.received_count += 1;
    }
    match next {
        Some(Next::HangUpAfterEmail) => return Ok(None),
        Some(Next::Slowly(wait)) => tokio::time::sleep(wait).await,
        _ => {}
    }
    Ok(Some("250 kept".to_owned()))
}
