using System.Text;
using Azure;
using Azure.Data.AppConfiguration;
using Azure.Identity;
using Slipway.Core.Policy;
using Slipway.Web.Requests;

namespace Slipway.Functions.Composition;

/// <summary>The server policy as a key of App Configuration, YAML as in a file.</summary>
internal static class StoredPolicy
{
    /// <summary>Reads it; the default one where there is no such key. Throws <see cref="AdapterSettingsException"/> with every problem of it, or
    /// when the store does not answer: an application that does not know who may do what must not start.</summary>
    public static ServerPolicy Read(ConfigurationClient client, string key)
    {
        string text;
        try
        {
            text = client.GetConfigurationSetting(key).Value.Value;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return ServerPolicy.Default;
        }
        catch (Exception error) when (error is RequestFailedException or AggregateException or AuthenticationFailedException)
        {
            throw new AdapterSettingsException($"The server policy, key {key} of App Configuration, cannot be read: {error.Message.ReplaceLineEndings("\n").Split('\n')[0]}", error);
        }

        var reading = ServerPolicyReader.Read(RequestFile.Parse(Encoding.UTF8.GetBytes(text), $"{key}.yaml"));
        return reading.Policy ?? throw new AdapterSettingsException(
            $"The server policy, key {key} of App Configuration, cannot be used:{Environment.NewLine}{string.Join(Environment.NewLine, reading.Problems.Select(problem => $"  {problem}"))}");
    }
}
