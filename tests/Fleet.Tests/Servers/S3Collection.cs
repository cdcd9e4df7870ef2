namespace Ovation.Fleet.Tests;

/// <summary>Tests that share one S3 server, one after the other: some kill it, some measure memory.</summary>
[CollectionDefinition("s3", DisableParallelization = true)]
public sealed class S3Collection : ICollectionFixture<Rgw>;
