"""Which addresses a partner's system may listen on."""

import pytest

from service.partners.policy import BadEndpoint, check_endpoint


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.org/in",
        "https://hooks.example.org:443/in",
        "https://hooks.example.org:8443/in?tenant=1",
        "https://HOOKS.Example.org/in",
        "https://xn--hks-sna.example.org/in",
        "https://a-1.b2.example.org",
    ],
)
def test_an_https_address_is_acceptable(url: str) -> None:
    check_endpoint(url, loopback_allowed=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/in",
        "http://127.0.0.1:9000/in",
        "https://user:word@hooks.example.org/in",
        "https://hooks.example.org/in#part",
        "https:///in",
        "https://hooks.example.org:99999/in",
        "https://hooks.example.org:0/in",
        "https://hooks.example.org:80/in",
        "https://hooks.example.org:6379/in",
        "https://@hooks.example.org/in",
        "https://hooks.example.org/in#",
        "https://hooks.example.org\\@inside.example.org/in",
        "https://hooks.example.org./in",
        "https://hooks/in",
        "https://localhost/in",
        "https://hooks.localhost/in",
        "https://hooks.local/in",
        "https://hooks.cluster.local/in",
        "https://metadata.google.internal/in",
        "https://router.lan/in",
        "https://router.home.arpa/in",
        "https://93.184.215.14/in",
        "https://127.1/in",
        "https://2130706433/in",
        "https://0x7f000001/in",
        "https://127.0.0x1/in",
        "https://[2a00:1450::1]/in",
        "https://hooks..example.org/in",
        "https://-hooks.example.org/in",
        "https://hooks_1.example.org/in",
        f"https://{'a' * 64}.example.org/in",
        f"https://{'a.' * 127}org/in",
        "https://hooks.example.org/a b",
        "https://hooks.example.org/\n",
        "https://h\u00f6oks.example.org/in",
        "ftp://hooks.example.org/in",
        "https://[::1/in",
        "",
        "https://hooks.example.org/" + "a" * 2000,
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(BadEndpoint):
        check_endpoint(url, loopback_allowed=False)


def test_this_very_machine_may_listen_only_when_trying_out() -> None:
    check_endpoint("http://127.0.0.1:9000/in", loopback_allowed=True)
    with pytest.raises(BadEndpoint):
        check_endpoint("http://127.0.0.2:9000/in", loopback_allowed=True)
