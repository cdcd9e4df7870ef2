namespace Ovation.Protocol.Tests;
