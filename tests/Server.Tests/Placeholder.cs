namespace Ovation.Server.Tests;
