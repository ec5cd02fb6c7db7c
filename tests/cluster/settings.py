"""Production settings, with a hasher that writes down what it is given."""

from site_config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["tests.cluster.hashers.WatchedHasher"]
