//! Every format version that this release claims to read is read, and says what it said when it was written.

use std::path::Path;

use franc_parler::model::FORMAT_VERSION;
use franc_parler::{Message, Pipeline};

/// Format version, what the model kept for it says of the message below.
const KEPT: &[(u64, [f32; 3])] = &[(1, [0.1158, 0.0324, 0.8518]), (2, [0.0023, 0.0073, 0.9904])];

#[test]
fn models_of_every_version_still_say_what_they_said() {
    assert_eq!(KEPT.last().map(|(version, _)| *version), Some(FORMAT_VERSION), "keep a model of the new format here");
    let message =
        Message::new("Merci beaucoup, votre réponse m'aide vraiment.").with_parent("Avez-vous reçu le colis ?");
    for (version, expected) in KEPT {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/model_format/v{version}"));
        let found = Pipeline::load(&dir).unwrap().classify(&message).probabilities;
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-4, "version {version}: {found} where {expected} was");
        }
    }
}
