import pytest

from tests.cluster import network


@pytest.fixture(scope="session")
def hosts():
    network.build()
