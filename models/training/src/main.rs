//! Trains Mango Scout's models. Run `mango-training --help`, or read `models/training/README.md`.

use clap::Parser;

fn main() -> anyhow::Result<()> {
    mango_training::Command::parse().run()
}
