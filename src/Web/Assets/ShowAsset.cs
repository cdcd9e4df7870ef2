using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Ovation.Platform;

namespace Ovation.Web.Assets;

/// <summary>Style sheet and pictures, carried inside the assembly so that one file is the whole web app.</summary>
internal static class ShowAsset
{
    private static readonly FrozenDictionary<string, (byte[] Bytes, string Type, EntityTagHeaderValue Tag)> Assets =
        new[] { ("site.css", "text/css; charset=utf-8"), ("mark.svg", "image/svg+xml") }.ToFrozenDictionary(x => x.Item1, x =>
        {
            using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Ovation.Web.Assets." + x.Item1)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return (bytes, x.Item2, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\""));
        });

    public static IResult Handle(string name, HttpContext http)
    {
        if (!Assets.TryGetValue(name, out var asset)) return new Refusal(404, "not-found", "There is nothing at this address.");
        http.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Bytes(asset.Bytes, asset.Type, entityTag: asset.Tag);
    }
}
