using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Core.Tests.Releases;

public sealed class ShownUrlTests
{
    [Theory]
    [InlineData("http://ci.example/deploy", "http://ci.example/deploy")]
    [InlineData("http://ci.example/deploy?sig=secret", "http://ci.example/deploy?…")]
    [InlineData("http://ci.example:8080/deploy?sig=secret#part", "http://ci.example:8080/deploy?…")]
    [InlineData("https://secret:secret@ci.example/deploy", "https://ci.example/deploy")]
    [InlineData("deploy:http://ci.example/deploy?sig=secret of search", "deploy:http://ci.example/deploy?… of search")]
    [InlineData("search-v2, http://ci.example/a?b=secret, http://ci.example/c?d=secret: gone.", "search-v2, http://ci.example/a?…, http://ci.example/c?…: gone.")]
    [InlineData("HTTP://ci.example/deploy?sig=secret", "http://ci.example/deploy?…")]
    [InlineData("http://[broken?sig=secret", "http://[broken?…")]
    [InlineData("http://ci.example/deploy?…", "http://ci.example/deploy?…")]
    [InlineData("is it search-v2? http://ci.example/deploy", "is it search-v2? http://ci.example/deploy")]
    public void Of_a_text_shows_each_address_without_query_and_password(string text, string shown) => Assert.Equal(shown, ShownUrl.Of(text));

    [Theory]
    [InlineData("chat", "chat")]
    [InlineData("https://hooks.example/services/T0/secret", "https://hooks.example/…")]
    [InlineData("https://hooks.example:8443/secret?code=secret", "https://hooks.example:8443/…")]
    [InlineData("https://hooks.example/secret is not on the list; https://user:secret@hooks.example/secret.", "https://hooks.example/… is not on the list; https://hooks.example/….")]
    [InlineData("https://hooks.example/…", "https://hooks.example/…")]
    [InlineData("https://[broken/secret", "…")]
    public void Of_a_webhook_shows_its_host_alone(string text, string shown)
    {
        Assert.Equal(shown, ShownUrl.OfWebhook(text));
        Assert.Equal(shown, ShownEffect.Text(EffectKind.Webhook, text));
    }

    [Fact]
    public void An_answer_that_repeats_its_address_is_shown_without_what_that_keeps_secret()
    {
        var hook = new Uri("http://ci.example/pipelines/search?v=2&sig=a%2Fsecret%2Bvalue");

        Assert.Equal("POST /pipelines/search?v=2&sig=… (…): 2", ShownUrl.Without("POST /pipelines/search?v=2&sig=a%2Fsecret%2Bvalue (a/secret+value): 2", hook));
        Assert.Equal("POST /…: no", ShownUrl.Without("POST /services/T0/long-secret: no", new Uri("http://chat.example/services/T0/long-secret"), webhook: true));
    }
}
