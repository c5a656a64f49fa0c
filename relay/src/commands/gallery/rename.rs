//! `gallery rename`.

use crate::cli::RenameArgs;
use crate::model::{ClassNames, GalleryFile};
use crate::output::terminal::print;

/// Changes the id of a class, its label, or both.
pub(super) fn run(args: &RenameArgs, file: &GalleryFile<'_>) -> anyhow::Result<()> {
    let (old, new) = (&args.old, args.new.as_ref().unwrap_or(&args.old));
    let mut renamed = file.gallery().with_class_renamed(old, new)?;
    if let Some(label) = &args.label {
        renamed = renamed.with_label(new, Some(label.as_str()).filter(|label| !label.is_empty()))?;
    }
    file.save(&renamed)?;
    let names = ClassNames::new([&renamed])?;
    print(&[format!("{}: {old} is now {new}, called {}", file.name(), names.text(new))])
}
