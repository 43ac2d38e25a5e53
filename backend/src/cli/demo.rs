//! `hortus demo`: an invented company to look at.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use tokio::net::TcpListener;

use super::logs;
use crate::app::App;
use crate::config::Settings;
use crate::demo;
use crate::http::serving;

/// Shows Hortus with an invented company, its communities and three weeks of their life.
///
/// Everything is kept in the data folder. Only this machine can reach it: the passwords of its people are shown to
/// every visitor.
#[derive(Debug, Args)]
pub struct Demo {
    /// Address and port to listen on; only loopback addresses are accepted.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = loopback)]
    listen: SocketAddr,
    /// Folder that the demonstration lives in; made if it is missing.
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// Which messages to log, as in `log.filter`.
    #[arg(long, value_name = "FILTER", default_value = "warn")]
    log: String,
}

impl Demo {
    /// Serves the demonstration until a stop signal comes.
    pub async fn run(self) -> anyhow::Result<()> {
        let listener = TcpListener::bind(self.listen).await.with_context(|| {
            format!(
                "cannot listen on {}; choose another port with --listen",
                self.listen
            )
        })?;
        let address = listener.local_addr()?;
        let settings = Settings::read(
            None,
            &[
                ("server.listen", address.to_string()),
                (
                    "server.public_url",
                    format!("http://localhost:{}", address.port()),
                ),
                ("data.folder", self.data.display().to_string()),
                ("database.url", String::new()),
                ("log.filter", self.log),
            ],
        )?;
        logs::begin(&settings.log)?;
        let (app, work) = demo::open(settings, &self.data).await?;
        welcome(&app);
        serving::serve(app, work, listener).await
    }
}

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let numbers = text.replacen("localhost:", "127.0.0.1:", 1);
    let address: SocketAddr = numbers
        .parse()
        .map_err(|_| "give an address and a port, for example 127.0.0.1:8080".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err(
            "the demonstration shows its passwords to every visitor and therefore listens on loopback \
             addresses only; for others use `hortus serve`"
                .to_owned(),
        )
    }
}

fn welcome(app: &App) {
    println!(
        "\n  Hortus, a demonstration: {} and everyone in it are invented.\n\n  Open  {}\n",
        app.settings.company.name, app.settings.server.public_url
    );
    println!("  Sign in as (the sign-in page offers them too):");
    for persona in app.demo.iter().flat_map(|personas| &personas.items) {
        println!(
            "    {:<22} {:<40} {}  {}",
            persona.name, persona.email, persona.password, persona.title
        );
    }
    println!(
        "\n  Ctrl-C stops it. It is kept in `{}`.\n",
        app.settings.data.folder.display()
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_can_reach_the_demonstration() {
        for near in [
            "127.0.0.1:8080",
            "localhost:8080",
            "[::1]:8080",
            "127.9.9.9:1",
        ] {
            assert!(loopback(near).is_ok(), "{near}");
        }
        for far in [
            "0.0.0.0:8080",
            "[::]:8080",
            "192.168.1.5:8080",
            "10.0.0.1:80",
        ] {
            assert!(loopback(far).is_err(), "{far}");
        }
    }
}
